using System.Globalization;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>
/// Reads incidents out of Grafana's annotations. Any of the tags marks one; if it also has a tag <c>target:NAME</c> or
/// <c>service:NAME</c> it is an incident of those targets alone.
/// </summary>
public sealed class GrafanaIncidents : IIncidentSource
{
    /// <summary>Name under which it is counted and shown.</summary>
    public const string SourceName = "grafana-incidents";

    // Grafana gives no pages, but less of the past when it is asked for less.
    private const int PageSize = 500;
    private const int MostPages = 10;

    /// <summary>A point tells when it began and not how long it lasted.</summary>
    private static readonly TimeSpan LengthOfPoint = TimeSpan.FromMinutes(30);

    private readonly JsonApi _api;
    private readonly IReadOnlyList<string> _tags;
    private readonly SourceCounters _counters;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    /// <param name="client">As for <see cref="GrafanaSink"/>.</param>
    /// <param name="tags">Tags that mark incidents; at least one.</param>
    /// <param name="counters">Where requests are counted.</param>
    /// <param name="time">The clock.</param>
    public GrafanaIncidents(HttpClient client, IReadOnlyList<string> tags, SourceCounters counters, TimeProvider time) =>
        (_api, _tags, _counters, _time) = (new JsonApi(client, "Grafana", GrafanaHints.Of), tags, counters, time);

    /// <inheritdoc/>
    public async Task<SourceReply<IncidentList>> FindAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var reply = await ListAsync(from.Add(-LengthOfPoint), until, cancellationToken).ConfigureAwait(false);
        _counters.CountRequest(SourceName, _time.GetUtcNow(), reply.Failure);
        return reply.Value is { } all
            ? new IncidentList([.. all.Found.Where(one => Concerns(one, target)).Select(ToIncident).Where(one => one.Until > from).OrderBy(one => one.From)])
            : reply.Failure!;
    }

    private async Task<SourceReply<Annotations>> ListAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, FoundAnnotation>();
        var to = until.ToUnixTimeMilliseconds();
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await _api.GetAsync(Path(from.ToUnixTimeMilliseconds(), to), cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess) return new SourceFailure(answer.Status is null ? SourceFailureKind.Unreachable : SourceFailureKind.Broken, answer.Sentence("list incidents"));
            if (answer.Read(GrafanaJson.Default.FoundAnnotationArray) is not { } read)
                return new SourceFailure(SourceFailureKind.Broken, "Grafana could not list incidents: the answer is not a list of annotations.");

            // A filter that says nothing to Grafana filters nothing, so what comes is looked at again.
            var news = read.Count(one => found.TryAdd(one.Id, one));
            if (read.Length < PageSize || news == 0) return new Annotations([.. found.Values.Where(IsIncident)]);

            // The newest ends come first: what is left ended before the last of these, or is known.
            to = Math.Min(to, read.Min(End));
        }

        return new SourceFailure(SourceFailureKind.Partial, $"Grafana has more than {MostPages * PageSize} annotations with the tags of incidents.");
    }

    private string Path(long from, long to) => string.Create(
        CultureInfo.InvariantCulture,
        $"api/annotations?type=annotation&limit={PageSize}&from={Math.Max(1, from)}&to={to}&matchAny=true&{string.Join('&', _tags.Select(tag => $"tags={Uri.EscapeDataString(tag)}"))}");

    private bool IsIncident(FoundAnnotation one) =>
        one.Tags?.Any(tag => _tags.Any(wanted => tag == wanted || tag.StartsWith($"{wanted}:", StringComparison.Ordinal))) == true;

    private static bool Concerns(FoundAnnotation one, string target)
    {
        var named = one.Tags!.Where(tag => tag.StartsWith("target:", StringComparison.Ordinal) || tag.StartsWith("service:", StringComparison.Ordinal)).ToList();
        return named.Count == 0 || named.Exists(tag => tag[(tag.IndexOf(':', StringComparison.Ordinal) + 1)..] == target);
    }

    private static Incident ToIncident(FoundAnnotation one)
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds(one.Time);
        return new Incident(from, End(one) > one.Time ? DateTimeOffset.FromUnixTimeMilliseconds(End(one)) : from + LengthOfPoint, one.Text ?? "");
    }

    private static long End(FoundAnnotation one) => Math.Max(one.Time, one.TimeEnd ?? 0);

    private sealed record Annotations(IReadOnlyList<FoundAnnotation> Found);
}
