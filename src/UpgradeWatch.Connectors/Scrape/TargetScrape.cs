using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Scrape.Fetching;
using UpgradeWatch.Connectors.Scrape.Steps;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape;

/// <summary>Scrapes one target.</summary>
internal sealed partial class TargetScrape(
    TargetOptions target, TargetRecorder recorder, StepKeeper? keeper, ScrapeFetcher fetcher, SourceCounters counters, TimeProvider time, ILogger logger)
{
    private volatile Outcome? _last;

    /// <summary>Scrapes in the middle of every step until it is told to end; then saves what is not saved yet.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(ScrapeTimes.UntilNext(time.GetUtcNow(), recorder.StepSeconds), time, cancellationToken);
                await ScrapeInLoopAsync(cancellationToken);
                keeper?.SaveWhenDue(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (keeper is not null) await keeper.SaveRestAsync();
        }
    }

    /// <summary>Scrapes once.</summary>
    /// <param name="at">The time that the scrape counts at.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it failed; null when it did not.</returns>
    public async Task<SourceFailure?> ScrapeAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var body = await fetcher.FetchAsync(
            target.Name, target.ScrapeUrl!, ScrapeTimes.Timeout(recorder.StepSeconds, recorder.DelaySeconds), cancellationToken);
        var outcome = Take(body, at);
        Report(outcome, _last);
        _last = outcome;
        counters.CountRequest(ScrapeSource.SourceName, time.GetUtcNow(), outcome.Failure);
        return outcome.Failure;
    }

    /// <summary>What is asked of the target.</summary>
    public SourceReply<TargetPlan> Plan() => (recorder.Plan, _last) switch
    {
        (_, { Failure: { } failure, IsDown: false }) => failure,
        ({ } plan, _) => plan,
        (null, { Failure: { } failure }) => failure with { Message = $"{failure.Message} It has not answered since UpgradeWatch started." },
        _ => new SourceFailure(SourceFailureKind.Empty, $"Target {target.Name} has not been scraped yet; the first scrape comes within {recorder.StepSeconds:0.##} s."),
    };

    /// <summary>The steps of a plan.</summary>
    public async Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        if (Math.Abs(plan.StepSeconds - recorder.StepSeconds) > 1e-9)
        {
            return new SourceFailure(
                SourceFailureKind.Refused,
                $"Target {target.Name} is scraped every {recorder.StepSeconds:0.###} s now, but this upgrade was planned with steps of {plan.StepSeconds:0.###} s: set evaluation.stepSeconds back until it is closed.");
        }

        // A target that is down is a finding; one whose answer cannot be read is trouble with the source.
        if (_last is { Failure: { } failure, IsDown: false } last && lastStep >= last.Step) return failure;

        var signals = plan.Signals.Select(signal => (Signal: signal, Key: SignalKey.Of(signal))).ToList();
        var window = new StepWindow(plan.StepSeconds, firstStep, lastStep, signals.Select(signal => signal.Key));
        var held = recorder.Read(plan, window);
        var before = Math.Min(held ?? long.MaxValue, lastStep + 1);
        if (keeper is not null && firstStep < before && await keeper.ReadAsync(window, firstStep, before, cancellationToken) is { } trouble) return trouble;

        return window.Build(signals, recorder.FailureOf);
    }

    /// <summary>Counts the events of a signal by label values.</summary>
    public SourceReply<Breakdown> BreakDown(TargetPlan plan, BreakdownRequest request) => recorder.BreakDown(plan, request);

    /// <summary>Names of the metrics in the last scrape.</summary>
    public IReadOnlyList<string> MetricNames() => recorder.MetricNames;

    private async Task ScrapeInLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ScrapeAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception trouble) when (!cancellationToken.IsCancellationRequested)
        {
            // A mistake of ours with one answer must not end the watch.
            Log.Unexpected(logger, target.Name, trouble);
        }
    }

    private Outcome Take(FetchedBody body, DateTimeOffset at)
    {
        var step = ScrapeTimes.StepOf((at - DateTimeOffset.UnixEpoch).TotalSeconds, recorder.StepSeconds);
        if (body.Bytes is null)
        {
            recorder.Miss(at, body.IsDown);
            return new Outcome(body.Failure, body.IsDown, step);
        }

        var problem = recorder.Take(body.Bytes.Memory.Span, body.Format, body.IsWhole, at, out var kept);
        counters.CountFetched(ScrapeSource.SourceName, kept);
        if (problem is null) return new Outcome(null, false, step);

        recorder.Miss(at, isDown: false);
        return new Outcome(new SourceFailure(SourceFailureKind.Broken, $"The metrics of target {target.Name} cannot be read: {problem}"), false, step);
    }

    private void Report(Outcome now, Outcome? before)
    {
        if (now.Failure is { } failure && failure.Message != before?.Failure?.Message) Log.Failed(logger, failure.Message);
        else if (now.Failure is null && before?.Failure is not null) Log.Recovered(logger, target.Name);
    }

    private sealed record Outcome(SourceFailure? Failure, bool IsDown, long Step);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Message}")]
        public static partial void Failed(ILogger logger, string message);

        [LoggerMessage(2, LogLevel.Information, "Target {Target} can be scraped again")]
        public static partial void Recovered(ILogger logger, string target);

        [LoggerMessage(3, LogLevel.Error, "A scrape of target {Target} failed unexpectedly; the next one comes")]
        public static partial void Unexpected(ILogger logger, string target, Exception trouble);
    }
}
