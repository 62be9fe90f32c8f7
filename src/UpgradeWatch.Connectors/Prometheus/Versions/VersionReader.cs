using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Counts instances by the version label of a metric.</summary>
internal sealed class VersionReader(PrometheusClient client, SourceCounters counters)
{
    private const int LongestVersion = 200;

    public async Task<SourceReply<VersionCounts>> ReadAsync(TargetOptions target, DateTimeOffset from, DateTimeOffset until, double stepSeconds, CancellationToken cancellationToken)
    {
        var first = (long)Math.Ceiling(from.ToUnixTimeMilliseconds() / 1000.0 / stepSeconds);
        var last = Math.Max(first, (long)Math.Floor(until.ToUnixTimeMilliseconds() / 1000.0 / stepSeconds));
        var grid = new StepGrid(stepSeconds, first, checked((int)(last - first + 1)));
        var reply = await client.RangeAsync(Query(target), grid, 0, cancellationToken);
        if (reply.Value is not { } matrix) return reply.Failure!;
        counters.CountNeeded(PrometheusClient.SourceName, matrix.Samples);
        var counts = new Dictionary<string, double[]>();
        foreach (var series in matrix.Series)
        {
            // An instance without the label is of no version that anybody could name.
            if (series.Labels.GetValueOrDefault(target.VersionLabel) is { Length: > 0 } version) counts[version.Length > LongestVersion ? version[..LongestVersion] : version] = [.. series.Values.Select(value => double.IsFinite(value) ? value : 0)];
        }

        return new VersionCounts(DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(first * stepSeconds * 1000)), stepSeconds, counts);
    }

    /// <summary>The query for a target.</summary>
    public static string Query(TargetOptions target)
    {
        LabelMatch[] labels = [.. target.Labels.Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value))];
        return $"count by ({target.VersionLabel}) ({new Selector(target.VersionMetric!, labels).ToPromQl()})";
    }
}
