using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>What does not fit together is refused in words that name the key.</summary>
[Collection(ChartTests.Name)]
public sealed class RefusalTests(ChartEngine chart)
{
    private const string Exposed = "api: { expose: true, tokenSecret: { name: t } }";

    /// <summary>Values that do not fit together, and what is said.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "replicas: 2", "replicas: 2 pods need a PostgreSQL that they share" },
        { "mode: sidecar\nreplicas: 2", "replicas: 2 pods need a PostgreSQL that they share" },
        { "mode: sidecar\npersistence: { enabled: false }", "persistence.enabled: a sidecar whose state dies with the pod" },
        { "mode: sidecar\nnetworkPolicy: { enabled: true }", "networkPolicy.enabled: the pods of a sidecar belong to the application" },
        { "mode: sidecar\npodDisruptionBudget: { enabled: true }", "podDisruptionBudget.enabled: the pods of a sidecar belong to the application" },
        { "existingConfigMap: mine\nconfig: { targets: [{ name: a }] }", "config: has no effect beside existingConfigMap" },
        { "kubernetes: { clusterWide: true, namespaces: [shop] }", "kubernetes.namespaces: has no effect beside kubernetes.clusterWide" },
        { "config: { kubernetes: { namespaces: [shop] } }", "config.kubernetes.namespaces: set kubernetes.namespaces" },
        { "config: { kubernetes: { clusterWide: true } }", "config.kubernetes.clusterWide: set kubernetes.clusterWide" },
        { "api: { tokenSecret: { name: t } }\nconfig: { auth: { tokenFile: x } }", "config.auth.tokenFile: is set by api.tokenSecret" },
        { "api: { tlsSecret: t }\nconfig: { auth: { certFile: x } }", "config.auth.certFile: is set by api.tlsSecret" },
        { "postgres: { connectionString: Host=db }\nconfig: { storage: { path: x } }", "config.storage.path: cannot be used with postgres.connectionString" },
        { "postgres: { connectionString: Host=db }\nconfig: { storage: { postgres: Host=db } }", "config.storage.postgres: cannot be used with postgres.connectionString" },
        { "postgres: { passwordSecret: { name: x } }", "postgres.passwordSecret.name: has no effect without postgres.connectionString" },
        { "postgres: { connectionString: 'Host=db; PassWord = x' }", "postgres.connectionString: a password in it would be read" },
        { "config: { storage: { postgres: { connectionString: 'Host=db;Pwd=x' } } }", "postgres.connectionString: a password in it would be read" },
        { "config: { storage: { postgres: 'Host=db;PASSWORD=x' } }", "postgres.connectionString: a password in it would be read" },
        { "ingress: { enabled: true, hosts: [a] }", "ingress.enabled: leads to an API that listens on loopback" },
        { "analysisTemplates: { enabled: true }", "analysisTemplates.enabled: Argo Rollouts asks an API that listens on loopback" },
        { "serviceMonitor: { enabled: true }\npodMonitor: { enabled: true }", "podMonitor.enabled: with serviceMonitor.enabled everything would be scraped twice" },
        { "prometheusRule: { enabled: true }\ngrafana: { alerts: { enabled: true } }", "grafana.alerts.enabled: with prometheusRule.enabled every alert would come twice" },
        { "api: { port: 9464 }", "metrics.port: is api.port" },
    };

    public static TheoryData<string> Engines => [.. ChartEngine.All];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task It_is_refused_in_words(string values, string said)
    {
        foreach (var engine in ChartEngine.All)
        {
            var refused = await Assert.ThrowsAsync<ChartRefusedException>(() => chart.RenderAsync(engine, values));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_sidecar_needs_a_cluster_that_has_them(string engine)
    {
        var refused = await Assert.ThrowsAsync<ChartRefusedException>(() => chart.RenderShopAsync(engine, ChartPaths.Values("sidecar-postgres"), new ChartEngine.Release(KubeVersion: "1.28.4")));

        Assert.Contains("mode: sidecar needs Kubernetes 1.29 or later, and this is v1.28.4", refused.Message, StringComparison.Ordinal);
        await chart.RenderShopAsync(engine, ChartPaths.Values("sidecar-postgres"), new ChartEngine.Release(KubeVersion: "1.29.0"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_exposed_API_with_its_Secret_is_taken(string engine) => Assert.NotEmpty((await chart.RenderAsync(engine, Exposed)).Objects);
}
