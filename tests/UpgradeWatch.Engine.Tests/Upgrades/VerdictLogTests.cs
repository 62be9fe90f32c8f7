using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class VerdictLogTests
{
    [Fact]
    public async Task Every_change_of_a_verdict_is_one_line_with_target_upgrade_states_code_and_reason()
    {
        var log = new LogLines();
        await using var watched = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(0) ? Scripted.Bad(step) : Scripted.Good(step), new EvaluationOptions { ObservationSeconds = 1800 }, log: log);
        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(45);
        var failing = watched.Verdict.Summary;
        await watched.Service.AcknowledgeAsync(watched.Upgrade.Id, new AcknowledgeCommand { Sli = "error-ratio", Reason = "a\nbot", By = "anna" }, default);
        await watched.MoveAsync(Phase.RollingBack);

        var id = watched.Upgrade.Id;
        var lines = log.Lines.Where(line => line.StartsWith("verdict target=", StringComparison.Ordinal)).ToList();
        Assert.Contains(lines, line => line.StartsWith($"verdict target=shop upgrade={id} from=pending to=fail code=level final=False reason=\"error-ratio is ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"verdict target=shop upgrade={id} from=fail to=", StringComparison.Ordinal) && line.Contains("1 finding acknowledged: error-ratio by anna.", StringComparison.Ordinal));
        Assert.Contains("final=True", lines[^1], StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.StartsWith($"finding acknowledged target=shop upgrade={id} sli=error-ratio by=anna", StringComparison.Ordinal));
        Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.NotEmpty(failing);
    }

    [Fact]
    public async Task While_the_store_takes_nothing_each_change_is_told_once_all_the_same()
    {
        var log = new LogLines();
        await using var watched = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(0) ? Scripted.Bad(step) : Scripted.Good(step), log: log);
        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(5);
        watched.Store.IsFull = true;
        await watched.RunAsync(30);
        watched.Store.IsFull = false;
        await watched.RunAsync(5);

        Assert.Single(log.Lines, line => line.StartsWith("verdict target=", StringComparison.Ordinal) && line.Contains(" to=fail ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_that_goes_and_comes_is_told_twice_and_not_at_every_look()
    {
        var log = new LogLines();
        await using var watched = await WatchedUpgrade.CreateAsync(Scripted.Good, new EvaluationOptions { ObservationSeconds = 3600 }, log: log);
        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(60);
        watched.Source.Away = new SourceFailure(SourceFailureKind.Unreachable, "Prometheus cannot be reached.");
        await watched.RunAsync(20);
        watched.Source.Away = null;
        await watched.RunAsync(20);

        Assert.Equal(
            ["from=pass to=inconclusive code=source", "from=inconclusive to=pass code=none"],
            log.Lines.Where(line => line.StartsWith("verdict target=", StringComparison.Ordinal)).TakeLast(2).Select(line => line[line.IndexOf("from=", StringComparison.Ordinal)..line.IndexOf(" final=", StringComparison.Ordinal)]));
    }

    /// <summary>Keeps what is logged.</summary>
    internal sealed class LogLines : ILogger<UpgradeService>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
