using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Finds how often a target is scraped, and when a step is complete.</summary>
internal sealed class ScrapeTiming(PrometheusClient client)
{
    /// <summary>Added to the longest scrape.</summary>
    private const double DelayMargin = 1;

    /// <summary>Never look sooner than this after the end of a step, in seconds.</summary>
    private const double LeastDelay = 2;

    /// <summary>How far the two ways of finding the interval may be apart.</summary>
    private const double Agreement = 0.8;

    private const int FewestPoints = 3;

    private static readonly string[] Windows = ["5m", "1h"];

    /// <summary>What was found, in seconds.</summary>
    public sealed record Found(double IntervalSeconds, double DelaySeconds);

    /// <param name="identity">The target's <c>up</c>.</param>
    /// <param name="anchor">Series of the target, used where there is no <c>up</c>; null when none is known.</param>
    /// <param name="otherwise">Interval in seconds where nothing can be found out.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<SourceReply<Found>> FindAsync(
        TargetIdentity.Found identity, Selector? anchor, double otherwise, CancellationToken cancellationToken)
    {
        var up = identity.HasUp ? new Selector("up", identity.Matches) : null;
        var measured = (up ?? anchor) is { } series ? await MeasureAsync(series, cancellationToken) : new Interval(null);
        if (measured.Value is null)
        {
            return measured.Failure!;
        }

        var interval = measured.Value.Seconds ?? otherwise;
        if (up is not null && measured.Value.Seconds is not null)
        {
            var check = await NumberAsync($"600 / max(count_over_time({up.ToPromQl()}[10m]))", cancellationToken);
            if (check.Value is null)
            {
                return check.Failure!;
            }

            // Fewer samples than expected are a short history. More mean that other instances are scraped more often.
            interval = check.Value.Seconds < interval * Agreement ? Tidy(check.Value.Seconds.Value) : interval;
        }

        return await DelayAsync(up, identity, interval, cancellationToken);
    }

    /// <summary>The interval that somebody configured: measured times are off by some milliseconds, or by jitter.</summary>
    /// <param name="seconds">Measured interval.</param>
    public static double Tidy(double seconds)
    {
        foreach (var unit in (ReadOnlySpan<double>)[60, 15, 5, 1, 0.1, 0.01])
        {
            var whole = Math.Round(seconds / unit) * unit;
            if (whole > 0 && Math.Abs(whole - seconds) <= 0.03 * unit)
            {
                return Math.Round(whole, 3);
            }
        }

        return Math.Max(0.001, Math.Round(seconds, 3));
    }

    private sealed record Interval(double? Seconds);

    private async Task<SourceReply<Found>> DelayAsync(
        Selector? up, TargetIdentity.Found identity, double interval, CancellationToken cancellationToken)
    {
        var duration = new Selector("scrape_duration_seconds", identity.Matches);
        var longest = up is null
            ? new Interval(null)
            : await NumberAsync($"max(max_over_time({duration.ToPromQl()}[1h]))", cancellationToken);
        if (longest.Value is null)
        {
            return longest.Failure!;
        }

        return new Found(interval, longest.Value.Seconds is { } seconds ? Math.Max(LeastDelay, seconds + DelayMargin) : interval);
    }

    /// <summary>
    /// The median distance of the raw samples of the one series that has most. Averages, and the least over several
    /// series, are wrong while instances come and go.
    /// </summary>
    private async Task<SourceReply<Interval>> MeasureAsync(Selector selector, CancellationToken cancellationToken)
    {
        foreach (var window in Windows)
        {
            var fullest = await client.InstantAsync($"topk(1, count_over_time({selector.ToPromQl()}[{window}]))", at: null, cancellationToken);
            if (fullest.Value is null)
            {
                return fullest.Failure!;
            }

            if (fullest.Value.Series is not [var one, ..])
            {
                continue;
            }

            LabelMatch[] exactly = [.. one.Labels.Where(label => label.Key != "__name__").Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value))];
            var raw = await client.InstantAsync($"{new Selector(selector.Metric, exactly).ToPromQl()}[{window}]", at: null, cancellationToken);
            if (raw.Value is null)
            {
                return raw.Failure!;
            }

            if (raw.Value.Series is [var points, ..] && points.Points.Count >= FewestPoints)
            {
                return new Interval(Tidy(MedianDistance(points.Points)));
            }
        }

        return new Interval(null);
    }

    private static double MedianDistance(List<(double Seconds, double Value)> points)
    {
        var distances = points.Skip(1).Zip(points, (later, earlier) => later.Seconds - earlier.Seconds).Order().ToArray();
        return distances[distances.Length / 2];
    }

    private async Task<SourceReply<Interval>> NumberAsync(string query, CancellationToken cancellationToken)
    {
        var reply = await client.InstantAsync(query, at: null, cancellationToken);
        return reply.Value is null
            ? reply.Failure!
            : new Interval(reply.Value.Series is [{ Points: [var point, ..] }, ..] && double.IsFinite(point.Value) ? point.Value : null);
    }
}
