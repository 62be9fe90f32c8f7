using System.Globalization;
using System.Net;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>
/// Writes annotations of the organisation, which dashboards show by tag, or of one dashboard. Grafana knows no unique key and stores a
/// repeated request twice, so each annotation carries its key as a tag, and is looked up by it before it is made: also
/// when it is ended, because a restored Grafana may have given its number to somebody else's.
/// </summary>
public sealed class GrafanaSink : IOutboxSink
{
    /// <summary>Name of the sink and of its HTTP client.</summary>
    public const string SinkName = "grafana";

    // What got no answer may be carried out late; looked up too early it would be made twice.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    private readonly JsonApi _api;
    private readonly DashboardLookup? _dashboard;

    /// <summary>Makes it.</summary>
    /// <param name="client">
    /// Carries the base address (ending with a slash), the credentials and the time-out; must not repeat a POST by itself.
    /// </param>
    /// <param name="dashboardUid">The dashboard that the annotations belong to; null for all of the organisation.</param>
    public GrafanaSink(HttpClient client, string? dashboardUid = null)
    {
        _api = new JsonApi(client, "Grafana", GrafanaHints.Of);
        _dashboard = dashboardUid is null ? null : new DashboardLookup(_api, dashboardUid);
    }

    /// <inheritdoc/>
    public string Name => SinkName;

    /// <inheritdoc/>
    public async Task<DeliveryResult> DeliverAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var found = await FindAsync(entry.Key, cancellationToken).ConfigureAwait(false);
        if (found.Failure is not null) return found.Failure;
        if (found.Annotation is null) return await CreateAsync(entry, cancellationToken).ConfigureAwait(false);
        return entry.Action == OutboxAction.Close
            ? await EndAsync(entry, found.Annotation, cancellationToken).ConfigureAwait(false)
            : Delivered(found.Annotation.Id);
    }

    private async Task<Found> FindAsync(string key, CancellationToken cancellationToken)
    {
        const string What = "look up the annotation";
        var tag = AnnotationLimits.KeyTag(key);
        var answer = await _api.GetAsync($"api/annotations?limit=100&tags={Uri.EscapeDataString(tag)}", cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess) return new Found(null, Retry(answer, What));
        if (answer.Read(GrafanaJson.Default.FoundAnnotationArray) is not { } all)
        {
            return new Found(null, new DeliveryResult(DeliveryOutcome.Retry, Error: $"Grafana could not {What}: the answer is not a list of annotations."));
        }

        // Somebody who edits an annotation can take its tags from view, yet it is still found by them.
        var ours = all.Where(one => one.Tags is null || one.Tags.Contains(tag)).MinBy(one => one.Id);
        if (ours is null && all.Length > 0)
        {
            return new Found(null, new DeliveryResult(DeliveryOutcome.Retry, Error: $"Grafana could not {What}: it answered annotations without the tag {tag}."));
        }

        return new Found(ours, null);
    }

    private async Task<DeliveryResult> CreateAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        const string What = "store the annotation";
        var dashboard = _dashboard is null ? null : await _dashboard.FindAsync(cancellationToken).ConfigureAwait(false);
        if (dashboard?.Problem is { } problem) return new DeliveryResult(DeliveryOutcome.Retry, Error: problem);
        var at = entry.At.ToUnixTimeMilliseconds();
        var start = entry.OpenedAt?.ToUnixTimeMilliseconds() ?? at;
        var made = entry.Action == OutboxAction.Close
            ? New(entry, start, Math.Max(start, at), dashboard)
            : New(entry, at, null, dashboard);
        var answer = await _api.SendAsync(HttpMethod.Post, "api/annotations", made, GrafanaJson.Default.NewAnnotation, cancellationToken).ConfigureAwait(false);
        if (IsUncertain(answer)) return Retry(answer, What) with { RetryAfter = OnItsWay };
        if (!answer.IsSuccess) return Failed(answer, What);

        // Without a number it is not sure that it was Grafana that answered: the next try looks it up.
        return answer.Read(GrafanaJson.Default.CreatedAnnotation) is { Id: > 0 } created
            ? Delivered(created.Id)
            : new DeliveryResult(DeliveryOutcome.Retry, Error: $"Grafana could not {What}: the answer names no id.");
    }

    /// <summary>Grafana swaps an end that lies before the start, which would move the start.</summary>
    private async Task<DeliveryResult> EndAsync(OutboxEntry entry, FoundAnnotation found, CancellationToken cancellationToken)
    {
        var end = new AnnotationEnd(Math.Max(found.Time, entry.At.ToUnixTimeMilliseconds()));
        if (found.TimeEnd == end.TimeEnd && found.TimeEnd > found.Time) return Delivered(found.Id);
        var path = string.Create(CultureInfo.InvariantCulture, $"api/annotations/{found.Id}");
        var answer = await _api.SendAsync(HttpMethod.Patch, path, end, GrafanaJson.Default.AnnotationEnd, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess) return Delivered(found.Id);

        // Deleted since it was found: 404, 500 or 403 by version. The next try looks again before it makes a new one.
        return Failed(answer, "end the region");
    }

    private static bool IsUncertain(ApiAnswer answer) => answer.Status is null or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    private static NewAnnotation New(OutboxEntry entry, long time, long? timeEnd, FoundDashboard? dashboard) =>
        new(time, timeEnd, AnnotationLimits.Tags(entry.Key, entry.Tags), AnnotationLimits.Text(entry.Text), dashboard?.Uid, dashboard?.Id);

    private static DeliveryResult Delivered(long id) => new(DeliveryOutcome.Delivered, id.ToString(CultureInfo.InvariantCulture));

    private static DeliveryResult Failed(ApiAnswer answer, string what) => answer.Status
        is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity
            ? new DeliveryResult(DeliveryOutcome.Refused, Error: answer.Sentence(what))
            : Retry(answer, what);

    private static DeliveryResult Retry(ApiAnswer answer, string what) =>
        new(DeliveryOutcome.Retry, Error: answer.Sentence(what), RetryAfter: answer.RetryAfter);

    private readonly record struct Found(FoundAnnotation? Annotation, DeliveryResult? Failure);
}
