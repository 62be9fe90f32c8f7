using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.EndToEnd.Rhythms;
using UpgradeWatch.EndToEnd.Upgrades;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>
/// The server is killed (<c>kill -9</c>) just before and just after the history of an upgrade is stored: what it is judged
/// against, and what is said of it, are what they are when nothing happens.
/// </summary>
public sealed class HistoryKillTests
{
    private const string Target = "shop";
    private const int Seed = 9700;

    private static readonly JsonSerializerOptions Numbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "UpgradeWatch.TestHost");

    private static readonly Dictionary<string, string> Held = new()
    {
        ["before"] = "the history is about to be stored",
        ["after"] = "the history is on disk",
    };

    [Fact]
    public async Task Killed_around_the_moment_its_history_is_stored_an_upgrade_is_judged_as_if_nothing_had_happened()
    {
        var daily = new DailyUpgrade(Target, IsRising: false, LatencyFactor: 1.2, Seed);
        var end = TimeProvider.System.GetUtcNow();
        await using var prometheus = new PrometheusServer();
        await prometheus.ImportBlocksAsync(writer => daily.Write(writer, end));
        await prometheus.StartAsync();
        var configuration = $"prometheus: {{ url: '{prometheus.Url}' }}\nevaluation: {{ intervalSeconds: 1 }}\ntargets:\n{daily.Yaml}";

        var calm = await RunAsync(configuration, end);
        var killed = await RunAsync(configuration, end, "before", "before", "after");

        Assert.Equal("fail", calm.Verdict.Status);
        Assert.Equal(calm.Verdict.ToString(), killed.Verdict.ToString());
        Assert.Contains("is usual at this hour", killed.Verdict.Of("latency-p50").Reason, StringComparison.Ordinal);
        Assert.NotNull(calm.Upgrade.Past);
        Assert.Equal(calm.Upgrade.Past, killed.Upgrade.Past);
        Assert.True(calm.History == killed.History, "the stored histories differ");
        Assert.Equal(PhasesOf(calm), PhasesOf(killed));
        Assert.Equal(killed.Events.Where(e => e.Type == "finding").Select(e => (e.Subject, e.State, e.Code)).Distinct().Count(), killed.Events.Count(e => e.Type == "finding"));
    }

    private static IEnumerable<string> PhasesOf(Outcome outcome) => outcome.Events.Where(e => e.Type == "phase").Select(e => e.State);

    // Enters the upgrade, and kills the server at each of the moments before it is left alone.
    private static async Task<Outcome> RunAsync(string configuration, DateTimeOffset end, params string[] moments)
    {
        await using var server = new UpgradeWatchServer(configuration) { Executable = Host, MoreArguments = ArgumentsOf(moments.FirstOrDefault()) };
        await server.StartAsync();
        var command = new CommandLine(server);
        await command.BeginAsync(Target, "upgrading", DailyUpgrade.BeganAt(end));
        await command.AdvanceAsync(Target, "post-upgrade", DailyUpgrade.DoneAt(end));
        for (var i = 0; i < moments.Length; i++)
        {
            await server.WaitForLineAsync(Held[moments[i]]);
            await server.KillAsync();
            server.MoreArguments = ArgumentsOf(moments.ElementAtOrDefault(i + 1));
            await server.StartAsync();
        }

        var verdict = await command.WaitAsync(Target, toTheEnd: true);
        await server.StopAsync();
        await using var store = await SqliteStore.OpenAsync(server.DatabaseFile, "test", TimeProvider.System, NullLogger<SqliteStore>.Instance, CancellationToken.None);
        var upgrade = Assert.Single(await store.ListAsync(Target, null, 10, null, CancellationToken.None));
        var history = JsonSerializer.Serialize(await store.LoadHistoryAsync(upgrade.Id, CancellationToken.None), Numbers);
        return new Outcome(verdict, upgrade, history, await store.EventsAfterAsync(0, int.MaxValue, CancellationToken.None));
    }

    private static IReadOnlyList<string> ArgumentsOf(string? moment) => moment is null ? [] : ["--hold-history", moment];

    private sealed record Outcome(SeenVerdict Verdict, Engine.Upgrades.Upgrade Upgrade, string History, IReadOnlyList<EngineEvent> Events);
}
