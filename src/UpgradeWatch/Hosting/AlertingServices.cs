using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Alertmanager;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Hosting;

/// <summary>What sends alerts and keeps silences.</summary>
internal static class AlertingServices
{
    /// <summary>Name of a member of the cluster among the dependencies.</summary>
    public static string NameOf(int member) => member == 0 ? "alertmanager" : $"alertmanager-{member + 1}";

    /// <summary>Registers all of it; needs Grafana's client where its alerts are silenced too.</summary>
    public static void AddAlerting(this IServiceCollection services, UpgradeWatchOptions options)
    {
        var members = options.Alertmanager?.All ?? [];
        services.AddAlertmanagers(members, client =>
        {
            client.AddHttpMessageHandler(provider => new LeaseHandler(provider.GetRequiredService<IUpgradeStore>(), provider.GetRequiredService<TimeProvider>()));
            client.GoThroughGrafana(options);
        });
        services.AddSingleton<IReadOnlyList<AlertSender>>(provider => [.. Members(provider, Senders(options)).Select(member => Sender(provider, member))]);
        if (Silences(options)) services.AddSingleton(provider => Keeper(provider, options, members.Count));
        services.AddSingleton(provider => new AlertingHealth(provider.GetRequiredService<IReadOnlyList<AlertSender>>(), provider.GetService<SilenceKeeper>()));
    }

    /// <summary>Sends what a client sends through Grafana, where the configuration says so.</summary>
    public static void GoThroughGrafana(this IHttpClientBuilder client, UpgradeWatchOptions options)
    {
        if (options.Alertmanager is { GrafanaDatasource: { } source } through)
            client.AddHttpMessageHandler(() => new DataSourceHandler(through.Endpoint.Url, source, DataSourceKind.Alertmanager));
    }

    /// <summary>Registers the loops that keep them up to date.</summary>
    public static void AddAlertingLoops(this IServiceCollection services, UpgradeWatchOptions options)
    {
        for (var i = 0; i < Senders(options); i++)
        {
            var member = i;
            services.AddOwnLoop($"sending alerts to {NameOf(member)}", provider =>
            {
                var sender = provider.GetRequiredService<IReadOnlyList<AlertSender>>()[member];
                provider.GetRequiredService<UpgradeService>().Published += happened =>
                {
                    if (happened.Type is "phase" or "finding" or "verdict") sender.Wake();
                };
                return sender.RunAsync;
            });
        }

        if (!Silences(options)) return;
        services.AddOwnLoop("keeping silences", provider =>
        {
            var keeper = provider.GetRequiredService<SilenceKeeper>();
            provider.GetRequiredService<UpgradeService>().Published += happened =>
            {
                if (happened.Type is "phase") keeper.Wake();
            };
            return keeper.RunAsync;
        });
    }

    private static int Senders(UpgradeWatchOptions options) => options.Alertmanager is { } alertmanager && options.Alerts.Send != false ? alertmanager.All.Count : 0;

    private static bool Silences(UpgradeWatchOptions options) =>
        options.Silences.PlannedDowntime || options.Targets.Any(target => target.Silences.Noise is not null);

    private static AlertSender Sender(IServiceProvider provider, AlertmanagerClient member) => new(
        member,
        provider.GetRequiredService<UpgradeService>(),
        provider.GetRequiredService<EngineOptions>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<AlertSender>>());

    private static SilenceKeeper Keeper(IServiceProvider provider, UpgradeWatchOptions options, int members)
    {
        List<SilencePlace> places = [];
        if (members > 0) places.Add(new SilencePlace("silences", Members(provider, members)));
        if (options.Silences.Grafana) places.Add(new SilencePlace("grafana-silences", [new AlertmanagerClient(Client(provider, GrafanaSink.SinkName), AlertmanagerClient.WithinGrafana)]));
        return new SilenceKeeper(
            places,
            provider.GetRequiredService<UpgradeService>(),
            provider.GetRequiredService<EngineOptions>(),
            options.Silences,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SilenceKeeper>>());
    }

    private static AlertmanagerClient[] Members(IServiceProvider provider, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new AlertmanagerClient(Client(provider, AlertmanagerRegistration.ClientName(i))))];

    private static HttpClient Client(IServiceProvider provider, string name) => provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
