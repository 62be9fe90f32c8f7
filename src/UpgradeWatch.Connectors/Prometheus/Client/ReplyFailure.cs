using System.Net;
using System.Text;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Decides what an answer of Prometheus that is no good stands for.</summary>
internal static class ReplyFailure
{
    private const int LongestQuote = 300;

    /// <summary>The failure that a reply in its own format tells of; null when it is complete and well.</summary>
    public static SourceFailure? FromEnvelope(string place, HttpStatusCode status, ReplyEnvelope envelope) => envelope switch
    {
        { Status: "error" } or { Error: not null } => FromError(place, status, envelope),
        { Warnings: [var first, ..] } => new(SourceFailureKind.Partial, $"{place} answered with a warning, so the answer may be incomplete: {Quote(first)}"),
        { Status: "success", HasData: true } => null,
        { Status: "success" } => new(SourceFailureKind.Broken, $"{place} answered without any data."),
        _ => new(SourceFailureKind.Broken, $"{place} answered JSON that is not its API's: status is {(envelope.Status is null ? "missing" : Quote(envelope.Status))}."),
    };

    /// <summary>The failure of a reply that cannot be read.</summary>
    /// <param name="place">Who and where.</param>
    /// <param name="response">The response.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static SourceFailure Unreadable(string place, HttpResponseMessage response, Exception problem)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        return type is not null && !type.Contains("json", StringComparison.OrdinalIgnoreCase)
            ? new(SourceFailureKind.Broken, $"{place} answered {type} in place of JSON: is the url that of Prometheus, and is no login page in front of it?")
            : problem is ReplyFormatException
                ? new(SourceFailureKind.Broken, $"{place} answered JSON that is not its API's: {problem.Message}.")
                : new(SourceFailureKind.Broken, $"{place} answered JSON that is broken or cut off.");
    }

    /// <summary>A failure with the reason that a gateway in front of Prometheus gives as plain text, for instance <c>no org id</c>.</summary>
    public static SourceFailure InItsWords(SourceFailure failure, HttpResponseMessage response, byte[] body) =>
        response.Content.Headers.ContentType?.MediaType == "text/plain" && Quote(Encoding.UTF8.GetString(body)) is { Length: > 0 } reason
            ? failure with { Message = $"{failure.Message} It says: {reason}" }
            : failure;

    /// <summary>The first words of a text for people.</summary>
    public static string Quote(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return ForeignText.Line(line.Length <= LongestQuote ? line.ToString() : $"{line[..LongestQuote]}…");
    }

    private static SourceFailure FromError(string place, HttpStatusCode status, ReplyEnvelope envelope)
    {
        var (error, type) = (Quote(envelope.Error ?? "no reason given"), Quote(envelope.ErrorType ?? ""));
        return (status, envelope.ErrorType) switch
        {
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => new(SourceFailureKind.Unauthorized, $"{place} does not accept the credentials (HTTP {(int)status}): {error}"),
            (HttpStatusCode.TooManyRequests, _) or (_, "too_many_requests") => new(SourceFailureKind.Throttled, $"{place} asks to be asked less: {error}"),
            (_, "timeout" or "canceled") => new(SourceFailureKind.Timeout, $"{place} ran out of time: {error}"),
            // A query that runs out of time while it fetches series is reported as one that cannot be executed.
            (_, "execution") when error.Contains("deadline exceeded", StringComparison.Ordinal) => new(SourceFailureKind.Timeout, $"{place} ran out of time: {error}"),
            (_, "bad_data") => new(SourceFailureKind.Refused, $"{place} does not understand the query: {error}"),
            (_, "execution") => new(SourceFailureKind.Refused, $"{place} cannot run the query: {error}"),
            ( >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, _) => new(SourceFailureKind.Refused, $"{place} refused the query ({type}): {error}"),
            _ => new(SourceFailureKind.Broken, $"{place} failed ({type}): {error}"),
        };
    }
}
