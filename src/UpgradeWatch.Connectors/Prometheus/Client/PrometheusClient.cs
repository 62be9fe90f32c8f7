using System.Globalization;
using System.Text.Json;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Asks the HTTP API of Prometheus, and counts what is asked and what comes.</summary>
/// <param name="http">Client of the endpoint, with its base address.</param>
/// <param name="counters">Where it is counted.</param>
/// <param name="time">The clock.</param>
internal sealed class PrometheusClient(HttpClient http, SourceCounters counters, TimeProvider time)
{
    /// <summary>Name under which it is counted.</summary>
    public const string SourceName = "prometheus";

    /// <summary>
    /// Steps asked for at once. Prometheus refuses more than 11,000, and would be busy for long with that many over a
    /// large target. Where even this is too much, it is halved.
    /// </summary>
    public const int StepsPerQuery = 2500;

    // Prometheus' words for a query that needs more memory than --query.max-samples allows; fewer steps need less.
    private const string TooLarge = "too many samples";

    // Below the time limit of a try, so that Prometheus stops working on what nobody waits for.
    private const string QueryTimeout = "25s";

    /// <summary>The clock it goes by.</summary>
    public TimeProvider Time => time;

    /// <summary>Runs a range query over a grid of any length.</summary>
    /// <param name="query">PromQL.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="absent">Value of a step without a point.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<SourceReply<Matrix>> RangeAsync(string query, StepGrid grid, double absent, CancellationToken cancellationToken)
    {
        var matrix = new Matrix(grid, absent);
        var most = StepsPerQuery;
        for (var done = 0; done < grid.Count;)
        {
            var part = grid.Part(done, most);
            var failure = await ReadPartAsync(query, part, matrix, cancellationToken);
            if (failure is { Kind: SourceFailureKind.Refused } && part.Count > 1 && failure.Message.Contains(TooLarge, StringComparison.Ordinal))
            {
                most = (part.Count + 1) / 2;
                continue;
            }

            if (failure is not null)
            {
                return failure;
            }

            done += part.Count;
        }

        return matrix;
    }

    /// <summary>Runs an instant query for a time, now unless given.</summary>
    public async Task<SourceReply<PointList>> InstantAsync(string query, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var points = new PointList();
        using var request = Post("api/v1/query", [
            new("query", query),
            new("time", Seconds(UnixSeconds(at ?? time.GetUtcNow()))),
            new("timeout", QueryTimeout),
        ]);
        var failure = await SendAsync(request, body => ReplyReader.ReadSamples(body, points), cancellationToken);
        return failure is null ? points : failure;
    }

    /// <summary>Values that a label has on the series that match, within a window; what is near its ends may be among them.</summary>
    /// <param name="label">Name of the label, <c>__name__</c> for the metrics.</param>
    /// <param name="selector">The series in PromQL.</param>
    /// <param name="from">Beginning of the window.</param>
    /// <param name="until">End of the window.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<SourceReply<List<string>>> LabelValuesAsync(
        string label, string selector, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        StringsAsync($"api/v1/label/{label}/values", selector, from, until, cancellationToken);

    /// <summary>Names of the labels of the series that match, within a window.</summary>
    public Task<SourceReply<List<string>>> LabelNamesAsync(
        string selector, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        StringsAsync("api/v1/labels", selector, from, until, cancellationToken);

    private async Task<SourceReply<List<string>>> StringsAsync(
        string path, string selector, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var values = new List<string>();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{path}?match[]={Uri.EscapeDataString(selector)}&start={Seconds(UnixSeconds(from))}&end={Seconds(UnixSeconds(until))}");
        var failure = await SendAsync(request, body => WithoutWarnings(ReplyReader.ReadStrings(body, values)), cancellationToken);
        return failure is null ? values : failure;
    }

    private async Task<SourceFailure?> ReadPartAsync(string query, StepGrid part, Matrix matrix, CancellationToken cancellationToken)
    {
        using var request = Post("api/v1/query_range", [
            new("query", query),
            new("start", Seconds(part.Start)),
            new("end", Seconds(part.End)),
            new("step", Seconds(part.StepSeconds)),
            new("timeout", QueryTimeout),
        ]);
        var before = matrix.Samples;
        var failure = await SendAsync(request, body => ReplyReader.ReadSamples(body, matrix), cancellationToken);
        counters.CountFetched(SourceName, matrix.Samples - before);
        return failure;
    }

    private delegate ReplyEnvelope BodyReader(ReadOnlySpan<byte> body);

    private async Task<SourceFailure?> SendAsync(HttpRequestMessage request, BodyReader read, CancellationToken cancellationToken)
    {
        var failure = await TrySendAsync(request, read, cancellationToken);
        counters.CountRequest(SourceName, time.GetUtcNow(), failure);
        return failure;
    }

    private async Task<SourceFailure?> TrySendAsync(HttpRequestMessage request, BodyReader read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return Judge(response, body, read);
        }
        catch (Exception exception) when (EndpointFailure.FromException("Prometheus", http.BaseAddress, exception) is not null)
        {
            return EndpointFailure.FromException("Prometheus", http.BaseAddress, exception);
        }
    }

    private SourceFailure? Judge(HttpResponseMessage response, byte[] body, BodyReader read)
    {
        var place = EndpointFailure.Place("Prometheus", http.BaseAddress);
        var byStatus = EndpointFailure.FromStatus("Prometheus", response);
        try
        {
            // Errors in Prometheus' own words are better than the number of the status.
            return ReplyFailure.FromEnvelope(place, response.StatusCode, read(body)) ?? byStatus;
        }
        catch (Exception exception) when (exception is JsonException or ReplyFormatException or InvalidOperationException)
        {
            return byStatus is null ? ReplyFailure.Unreadable(place, response, exception) : ReplyFailure.InItsWords(byStatus, response, body);
        }
    }

    // With remote read configured every request for names is answered with "not implemented" for the remote part. Names
    // only help to choose; the numbers come from queries, whose warnings count.
    private static ReplyEnvelope WithoutWarnings(ReplyEnvelope envelope)
    {
        envelope.Warnings.Clear();
        return envelope;
    }

    private static HttpRequestMessage Post(string path, IEnumerable<KeyValuePair<string, string>> form) =>
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) }.AsRepeatable();

    private static double UnixSeconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
