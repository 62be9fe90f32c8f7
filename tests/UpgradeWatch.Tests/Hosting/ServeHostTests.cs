using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Hosting;

public sealed class ServeHostTests
{
    [Fact]
    public async Task After_a_restart_everything_is_as_before()
    {
        using var folder = new TempFolder();
        var options = RunningServer.Options(folder.File("store.db"));
        string id, before;
        await using (var first = await RunningServer.StartAsync(options))
        {
            id = await Http.VerdictApiTests.FailAsync(first);
            before = await WhatIsKeptAsync(first, id);
        }

        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(RunningServer.Start.AddMinutes(12));
        await using var second = await RunningServer.StartAsync(options, time: time);

        Assert.Equal(before, await WhatIsKeptAsync(second, id));
    }

    // Numbers alone are stored once a minute; everything that anybody acts on is stored at once.
    private static async Task<string> WhatIsKeptAsync(RunningServer server, string id)
    {
        using var verdict = await server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict");
        var upgrade = await server.GetAsync($"/api/v1/upgrades/{id}");
        return $"{verdict.Headers.ETag} {upgrade.GetProperty("verdict").GetProperty("summary")} {upgrade.GetProperty("history")} {upgrade.GetProperty("checklist")} {upgrade.GetProperty("baselineWindow")}";
    }

    [Fact]
    public async Task The_second_server_on_one_store_answers_reads_and_takes_over_when_the_first_has_ended()
    {
        using var folder = new TempFolder();
        var options = RunningServer.Options(folder.File("store.db"));
        await using var first = await RunningServer.StartAsync(options);
        await using var second = await RunningServer.StartAsync(options, runWorkers: true);
        var id = await first.BeginAsync();

        using var refused = await second.PostAsync("/api/v1/upgrades", """{"target":"cart","toVersion":"2"}""");
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("standby", (await second.GetAsync("/api/v1/status")).GetProperty("active").GetProperty("role").GetString());
        while ((await second.GetAsync("/api/v1/upgrades")).GetProperty("items").GetArrayLength() == 0) second.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(id, (await second.GetAsync($"/api/v1/upgrades/{id}")).GetProperty("id").GetString());

        await first.Host.StopAsync(CancellationToken.None);
        await first.Host.DisposeAsync();
        while ((await second.GetAsync("/api/v1/status")).GetProperty("active").GetProperty("role").GetString() != "active") second.Time.Advance(TimeSpan.FromSeconds(1));
        await second.MoveAsync(id, "upgrading");
    }

    [Fact]
    public async Task The_worker_looks_by_itself_and_goes_on_after_a_look_that_failed()
    {
        var trouble = new FailingOnce();
        await using var server = await RunningServer.StartAsync(runWorkers: true, configure: services =>
        {
            services.AddSingleton<IMetricSource>(trouble);
            services.AddSingleton<IReadOnlyList<IMetricSource>>([trouble]);
        });
        var judged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Services.GetRequiredService<UpgradeService>().Published += (EngineEvent happened) =>
        {
            if (happened.Type == "verdict" && happened.Code == "source") judged.TrySetResult();
        };
        await server.BeginAsync(phase: "post-upgrade");

        while (!judged.Task.IsCompleted)
        {
            server.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        Assert.True(trouble.Calls > 1);
    }

    [Fact]
    public async Task A_part_that_fails_ends_the_server_which_knows_why()
    {
        await using var server = await RunningServer.StartAsync(configure: services => services.AddHostedService<FailingPart>());

        await server.Host.WaitForShutdownAsync(CancellationToken.None);

        Assert.Equal("a mistake", server.Host.Failure?.Message);
    }

    [Fact]
    public async Task Stopping_answers_a_long_poll_and_ends_at_once()
    {
        var server = await RunningServer.StartAsync(runWorkers: true);
        var id = await server.BeginAsync();
        var poll = server.Api.GetAsync($"/api/v1/upgrades/{id}/verdict?wait=60");
        // The server has the request in hand before it is told to stop.
        using var other = await server.Api.GetAsync("/api/v1/status");

        await server.Host.StopAsync(CancellationToken.None);

        var ended = await Record.ExceptionAsync(async () => (await poll).Dispose());
        Assert.True(ended is null or HttpRequestException, $"{ended}");
        await server.DisposeAsync();
    }

    /// <summary>The host's own settings can open other addresses in place of those that were checked, with no word of tokens.</summary>
    [Fact]
    public async Task Variables_of_the_environment_do_not_change_where_it_listens()
    {
        await using var server = await RunningServer.StartAsync(environment: new Dictionary<string, string?>
        {
            ["URLS"] = "http://127.0.0.9:0",
            ["PREFERHOSTINGURLS"] = "true",
        });

        Assert.Equal("127.0.0.1", Assert.Single(server.Host.ApiUrls).Host);
        Assert.Equal("ok", await server.Metrics.GetStringAsync("/livez"));
    }

    private sealed class FailingPart(IHostApplicationLifetime life) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = life.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new InvalidOperationException("a mistake");
        }
    }

    /// <summary>Throws, which no source should, and then says that it cannot be reached.</summary>
    private sealed class FailingOnce : IMetricSource
    {
        private int _calls;

        public int Calls => _calls;

        public string Name => "prometheus";

        public Task<SourceReply<TargetPlan>> PlanAsync(Engine.Options.TargetOptions target, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _calls) == 1
                ? throw new InvalidOperationException("a mistake")
                : Task.FromResult<SourceReply<TargetPlan>>(new SourceFailure(SourceFailureKind.Unreachable, "connection refused"));

        public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<SourceReply<Analysis.Where.Breakdown>> BreakDownAsync(TargetPlan plan, Engine.Breakdowns.BreakdownRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);
    }
}
