using System.Text.RegularExpressions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>
/// Finds the <c>up</c> series of a target. It has only the labels of the scrape, and the target may be picked by
/// labels that only its own metrics have.
/// </summary>
internal sealed class TargetIdentity(PrometheusClient client)
{
    private const string Lookback = "1h";

    /// <summary>What was found.</summary>
    /// <param name="Matches">Matchers of the target's own <c>up</c> and <c>process_start_time_seconds</c>.</param>
    /// <param name="HasUp">Whether <c>up</c> exists and has job and instance in common with the target's series.</param>
    /// <param name="HasProcessStart">The same for <c>process_start_time_seconds</c>.</param>
    /// <param name="SeesAnyUp">Whether <c>up</c> exists for any target at all.</param>
    public sealed record Found(IReadOnlyList<LabelMatch> Matches, bool HasUp, bool HasProcessStart, bool SeesAnyUp);

    /// <param name="labels">The configured labels.</param>
    /// <param name="anchor">Series of the target; null when none is known.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<SourceReply<Found>> FindAsync(IReadOnlyList<LabelMatch> labels, Selector? anchor, CancellationToken cancellationToken)
    {
        var matches = labels;
        var hasUp = labels.Count > 0 ? await ExistsAsync(new Selector("up", labels), anchor, cancellationToken) : No;
        if (hasUp is { Failure: null, Value.Yes: false } && anchor is not null)
        {
            var scraped = await FromSeriesAsync(labels, anchor, cancellationToken);
            if (scraped.Value is null)
            {
                return scraped.Failure!;
            }

            matches = scraped.Value.Count > 0 ? scraped.Value : labels;
            hasUp = scraped.Value.Count > 0 ? await ExistsAsync(new Selector("up", matches), anchor, cancellationToken) : No;
        }

        if (hasUp.Value is null)
        {
            return hasUp.Failure!;
        }

        var hasStart = matches.Count > 0
            ? await ExistsAsync(new Selector("process_start_time_seconds", matches), anchor, cancellationToken)
            : No;
        if (hasStart.Value is null)
        {
            return hasStart.Failure!;
        }

        var seesAny = hasUp.Value.Yes ? hasUp : await ExistsAsync(new Selector("up", []), anchor: null, cancellationToken);
        return seesAny.Value is null ? seesAny.Failure! : new Found(matches, hasUp.Value.Yes, hasStart.Value.Yes, seesAny.Value.Yes);
    }

    private sealed record Answer(bool Yes);

    private static SourceReply<Answer> No => new Answer(false);

    // The gate on new series joins on job and instance: a series that cannot be joined must not be taken for one.
    private async Task<SourceReply<Answer>> ExistsAsync(Selector selector, Selector? anchor, CancellationToken cancellationToken)
    {
        var query = $"count({LastOf(selector)}{(anchor is null ? "" : $" and on (job, instance) {LastOf(anchor)}")})";
        var reply = await client.InstantAsync(query, at: null, cancellationToken);
        return reply.Value is null ? reply.Failure! : new Answer(reply.Value.Series.Count > 0);
    }

    private async Task<SourceReply<IReadOnlyList<LabelMatch>>> FromSeriesAsync(
        IReadOnlyList<LabelMatch> labels, Selector anchor, CancellationToken cancellationToken)
    {
        var own = await client.InstantAsync($"group by (job, instance) ({LastOf(anchor)})", at: null, cancellationToken);
        if (own.Value is null)
        {
            return own.Failure!;
        }

        var instances = own.Value.Series.Select(series => Instance(series.Labels)).Where(instance => instance.Job.Length > 0).ToHashSet();
        if (instances.Count == 0)
        {
            return Reply([]);
        }

        var job = AnyOf("job", instances.Select(instance => instance.Job));
        var ups = await client.InstantAsync(LastOf(new Selector("up", [job])), at: null, cancellationToken);
        return ups.Value is null ? ups.Failure! : Reply(Narrow(labels, job, instances, [.. ups.Value.Series.Select(series => series.Labels)]));
    }

    /// <summary>
    /// The job, with the configured labels that <c>up</c> has too. Instances are named only where that would take in
    /// somebody else's: a list of them does not know the instances of tomorrow.
    /// </summary>
    private static List<LabelMatch> Narrow(
        IReadOnlyList<LabelMatch> labels, LabelMatch job, HashSet<(string Job, string Name)> instances, IReadOnlyDictionary<string, string>[] ups)
    {
        var own = ups.Where(up => instances.Contains(Instance(up))).ToArray();
        if (own.Length == 0)
        {
            return [];
        }

        var shared = labels.Where(label => label.Name != "job" && own.All(up => up.GetValueOrDefault(label.Name) == label.Value)).ToArray();
        List<LabelMatch> matches = [job, .. shared];
        if (ups.Count(up => shared.All(label => up.GetValueOrDefault(label.Name) == label.Value)) > own.Length)
        {
            matches.Add(AnyOf("instance", instances.Select(instance => instance.Name)));
        }

        return matches;
    }

    private static LabelMatch AnyOf(string label, IEnumerable<string> values)
    {
        var distinct = values.Distinct().Order(StringComparer.Ordinal).ToArray();
        return distinct.Length == 1
            ? new LabelMatch(label, MatchOperator.Equal, distinct[0])
            : new LabelMatch(label, MatchOperator.Matches, string.Join('|', distinct.Select(Regex.Escape)));
    }

    private static (string Job, string Name) Instance(IReadOnlyDictionary<string, string> labels) =>
        (labels.GetValueOrDefault("job") ?? "", labels.GetValueOrDefault("instance") ?? "");

    private static string LastOf(Selector selector) => $"last_over_time({selector.ToPromQl()}[{Lookback}])";

    private static SourceReply<IReadOnlyList<LabelMatch>> Reply(List<LabelMatch> matches) => matches;
}
