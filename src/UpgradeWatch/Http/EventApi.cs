using System.Globalization;
using System.Text;
using System.Text.Json;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>
/// Everything that changes, as server-sent events. Each stream reads the store from the number it has reached, and
/// is only woken by what happens: so nothing is lost or told twice, and a slow reader costs no memory.
/// </summary>
internal static class EventApi
{
    private const int Batch = 200;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Maps the route.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/events", StreamAsync).WithName("streamEvents").WithTags("Events")
        .Produces<EventDocument>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblems(400, 503)
        .Needs(Role.Read, TargetCheck.InHandler);

    /// <summary>Phase, finding, verdict and checklist changes from now on, or from the Last-Event-ID header on. Every 15 s without one there is a comment.</summary>
    internal static async Task<IResult> StreamAsync(HttpContext context, IUpgradeStore store, VerdictReader reader)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        if (!TryReadPosition(context.Request, out var given))
            return Problems.Of(StatusCodes.Status400BadRequest, "Last-Event-ID is not the id of an event; it must be a whole number, or be left out", "Last-Event-ID").Answer();
        using var place = reader.Waiting.TryEnter(Visitor.Of(context).Name);
        if (place is null) return WaitingRoom.Full().Answer();

        if (HeadRequests.Is(context))
        {
            context.Response.ContentType = "text/event-stream";
            return TypedResults.Empty;
        }

        // A number beyond the newest comes from another store: such a client starts from now.
        var newest = await store.LastEventIdAsync(context.RequestAborted);
        await WriteAsync(context, store, reader, Math.Min(given ?? newest, newest));
        return TypedResults.Empty;
    }

    private static async Task WriteAsync(HttpContext context, IUpgradeStore store, VerdictReader reader, long last)
    {
        var (response, visitor) = (context.Response, Visitor.Of(context));
        response.ContentType = "text/event-stream";
        await WriteLineAsync(response, ": connected\n\n", context.RequestAborted);
        while (true)
        {
            var next = reader.Changes.Next;
            var events = await store.EventsAfterAsync(last, Batch, context.RequestAborted);
            // A token that was taken back ends what it has opened.
            if (!visitor.IsWelcome) return;
            foreach (var happened in events)
            {
                last = happened.Id;
                if (!visitor.Sees(happened.Target)) continue;
                await WriteLineAsync(response, Format(Documents.Event(happened)), context.RequestAborted);
            }

            if (events.Count == Batch) continue;
            if (!await reader.WaitAsync(next, Heartbeat, context.RequestAborted)) return;
            if (!next.IsCompleted) await WriteLineAsync(response, ": still here\n\n", context.RequestAborted);
        }
    }

    private static string Format(EventDocument happened) =>
        $"id: {happened.Id}\nevent: {happened.Type}\ndata: {JsonSerializer.Serialize(happened, ApiJson.Wire.EventDocument)}\n\n";

    private static async Task WriteLineAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static bool TryReadPosition(HttpRequest request, out long? position)
    {
        position = null;
        var header = request.Headers["Last-Event-ID"].ToString();
        if (header.Length == 0) return true;
        var isNumber = long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        position = number;
        return isNumber;
    }
}
