using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>A real Prometheus, asked through the data source proxy of a Grafana of each generation.</summary>
public sealed class DataSourceTests : IClassFixture<DataSourceTests.RealPrometheus>, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PassingTime _time = new(Entries.Noon);
    private readonly RealPrometheus _prometheus;
    private GrafanaTestServer? _grafana;
    private ServiceProvider? _services;

    public DataSourceTests(RealPrometheus prometheus) => _prometheus = prometheus;

    public static TheoryData<GrafanaVersion, string> Names => new()
    {
        { GrafanaVersion.V7, "prom-1" }, { GrafanaVersion.V7, "Our Prometheus" }, { GrafanaVersion.V9, "prom-1" }, { GrafanaVersion.V9, "Our Prometheus" }, { GrafanaVersion.V11, "prom-1" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_found_by_its_uid_and_by_its_name_and_answers_as_if_it_were_asked_directly(GrafanaVersion version, string name)
    {
        var client = await ClientAsync(version, name, GrafanaTestServer.AdminToken);

        var one = await client.InstantAsync("1 + 1", null, default);
        var broken = await client.InstantAsync("1 +", null, default);
        var names = await client.LabelNamesAsync("up", _time.GetUtcNow().AddHours(-1), _time.GetUtcNow(), default);

        Assert.Null(one.Failure);
        Assert.Equal(2, Assert.Single(one.Value!.Series[0].Points).Value);
        Assert.Equal(SourceFailureKind.Refused, broken.Failure!.Kind);
        Assert.Contains("does not understand the query", broken.Failure.Message, StringComparison.Ordinal);
        Assert.Null(names.Failure);
    }

    [Theory]
    [InlineData(GrafanaVersion.V7, "Our Prometheus")]
    [InlineData(GrafanaVersion.V9, "prom-1")]
    public async Task A_token_that_may_not_read_data_sources_may_ask_one(GrafanaVersion version, string name)
    {
        var client = await ClientAsync(version, name, GrafanaTestServer.ViewerToken);

        Assert.Equal(2, Assert.Single((await client.InstantAsync("1 + 1", null, default)).Value!.Series[0].Points).Value);
    }

    [Fact]
    public async Task Below_a_path_it_is_found_as_well()
    {
        var client = await ClientAsync(GrafanaVersion.V9, "prom-1", GrafanaTestServer.AdminToken, "grafana/");

        Assert.Equal(2, Assert.Single((await client.InstantAsync("1 + 1", null, default)).Value!.Series[0].Points).Value);
        Assert.All(_grafana!.Requests, request => Assert.Contains("/grafana/api/", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nowhere", GrafanaTestServer.AdminToken, SourceFailureKind.Refused, "Grafana has no data source with the uid or name 'nowhere' (prometheus.grafanaDatasource); it has 'Our Prometheus', 'Another'.")]
    [InlineData("logs", GrafanaTestServer.AdminToken, SourceFailureKind.Refused, "Grafana's data source 'logs' is of the type loki, not prometheus; name another one in prometheus.grafanaDatasource.")]
    [InlineData("prom-1", "glsa_wrong", SourceFailureKind.Unauthorized, "Grafana does not accept the credentials for its data source 'prom-1': it answered 401 \"invalid API key\" (check the token or the password).")]
    [InlineData("prom-2", GrafanaTestServer.AdminToken, SourceFailureKind.Unreachable, "Grafana cannot reach its data source 'prom-2' (HTTP 502): Prometheus does not answer it.")]
    public async Task What_is_wrong_is_said_and_whose_fault_it_is(string name, string token, SourceFailureKind kind, string expected)
    {
        var client = await ClientAsync(GrafanaVersion.V9, name, token);

        var failure = (await _time.PassAsync(client.InstantAsync("1", null, default))).Failure!;

        Assert.Equal((kind, expected), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task One_that_was_made_anew_under_another_number_is_found_again()
    {
        var client = await ClientAsync(GrafanaVersion.V7, "Our Prometheus", GrafanaTestServer.AdminToken);
        Assert.Null((await client.InstantAsync("1", null, default)).Failure);

        _grafana!.RenumberDataSources();
        var failed = await _time.PassAsync(client.InstantAsync("1", null, default));
        var again = await client.InstantAsync("1", null, default);

        Assert.Equal(SourceFailureKind.Broken, failed.Failure!.Kind);
        Assert.Null(again.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_grafana is not null) await _grafana.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<PrometheusClient> ClientAsync(GrafanaVersion version, string name, string token, string path = "")
    {
        _grafana = await GrafanaTestServer.StartAsync(version, path);
        _grafana.AddDataSource("prom-1", "Our Prometheus", "prometheus", _prometheus.Url);
        _grafana.AddDataSource("prom-2", "Another", "prometheus", new Uri($"http://127.0.0.1:{FreePort.Next()}/"));
        _grafana.AddDataSource("logs", "Logs", "loki", new Uri("http://127.0.0.1:9/"));
        var options = new EndpointOptions { Url = _grafana.Url, TokenFile = _folder.Write("token", token) };
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_time).AddSingleton<SourceCounters>()
            .AddEndpointClient("prometheus", options).AddHttpMessageHandler(() => new DataSourceHandler(options.Url, name, DataSourceKind.Prometheus)).Services
            .BuildServiceProvider();
        return new PrometheusClient(_services.GetRequiredService<IHttpClientFactory>().CreateClient("prometheus"), _services.GetRequiredService<SourceCounters>(), _time);
    }

    /// <summary>One for all of these tests.</summary>
    public sealed class RealPrometheus : IAsyncLifetime
    {
        private PrometheusServer _server = null!;

        public Uri Url => _server.Url;

        public async Task InitializeAsync() => _server = await PrometheusServer.StartNewAsync();

        public async Task DisposeAsync() => await _server.DisposeAsync();
    }
}
