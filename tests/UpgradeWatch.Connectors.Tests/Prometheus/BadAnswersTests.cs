using System.Net;
using System.Net.Sockets;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>Every answer that is no good is a failure of the right kind with a sentence that says what to do about it.</summary>
public sealed class BadAnswersTests
{
    private static readonly Dictionary<string, BadAnswer> Answers = new()
    {
        ["parse error"] = Error(400, "bad_data", "invalid parameter \"query\": 1:4: parse error: unexpected end of input inside braces", SourceFailureKind.Refused, "does not understand the query: invalid parameter"),
        ["unknown function"] = Error(400, "bad_data", "1:1: parse error: unknown function with name \"foo\"", SourceFailureKind.Refused, "unknown function with name \"foo\""),
        ["too many points"] = Error(400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries", SourceFailureKind.Refused, "11,000 points"),
        ["many to many"] = Error(422, "execution", "found duplicate series for the match group {} on the right hand-side of the operation", SourceFailureKind.Refused, "cannot run the query: found duplicate series"),
        ["same labelset"] = Error(422, "execution", "vector cannot contain metrics with the same labelset", SourceFailureKind.Refused, "same labelset"),
        ["too many samples"] = Error(422, "execution", "query processing would load too many samples into memory in query execution", SourceFailureKind.Refused, "too many samples"),
        ["time out while fetching series"] = Error(422, "execution", "expanding series: context deadline exceeded", SourceFailureKind.Timeout, "ran out of time: expanding series"),
        ["time out in the queue"] = Error(503, "timeout", "query timed out in query queue", SourceFailureKind.Timeout, "query timed out in query queue"),
        ["canceled"] = Error(503, "canceled", "query was canceled in expression evaluation", SourceFailureKind.Timeout, "ran out of time"),
        ["internal"] = Error(500, "internal", "opening storage failed", SourceFailureKind.Broken, "failed (internal): opening storage failed"),
        ["unavailable"] = Error(503, "unavailable", "TSDB not ready", SourceFailureKind.Broken, "TSDB not ready"),
        ["limits of a tenant"] = Error(429, "too_many_requests", "the request has been rejected because the tenant exceeded the limit", SourceFailureKind.Throttled, "asks to be asked less: the request has been rejected"),
        ["error with status 200"] = Error(200, "execution", "odd", SourceFailureKind.Refused, "odd"),
        ["error with escape sequences"] = Error(400, "bad\\u001b[2J\\r\\nlines", "x\\u001b[31m\\u202ey\\tz\\rinfo: forged", SourceFailureKind.Refused, "refused the query (bad\uFFFD[2J): x\uFFFD[31m\uFFFDy z"),
        ["error of a long type"] = Error(500, new string('a', 100_000), "odd", SourceFailureKind.Broken, "aaa…): odd"),
        ["error without a reason"] = new(400, """{"status":"error"}""", SourceFailureKind.Refused, "no reason given"),
        ["warnings"] = new(200, CannedPrometheus.Bundle("range-warnings.json"), SourceFailureKind.Partial, "may be incomplete: remote_read: error sending request"),
        ["no tenant"] = new(401, "no org id\n", SourceFailureKind.Unauthorized, "does not accept the credentials (HTTP 401). It says: no org id", "text/plain"),
        ["forbidden"] = new(403, "<h1>Forbidden</h1>", SourceFailureKind.Unauthorized, "does not allow this", "text/html"),
        ["wrong path"] = new(404, "404 page not found\n", SourceFailureKind.Broken, "/api/v1/query_range (HTTP 404): is the path of the configured url right?", "text/plain"),
        ["method not allowed"] = new(405, "Method Not Allowed\n", SourceFailureKind.Refused, "HTTP 405", "text/plain"),
        ["too large"] = new(413, "", SourceFailureKind.Refused, "HTTP 413", "text/plain"),
        ["throttled by a proxy"] = new(429, "", SourceFailureKind.Throttled, "asks to be asked less (HTTP 429)", "text/plain"),
        ["bad gateway"] = new(502, "<html>bad gateway</html>", SourceFailureKind.Broken, "failed (HTTP 502)", "text/html"),
        ["starting"] = new(503, "Service Unavailable", SourceFailureKind.Broken, "It says: Service Unavailable", "text/plain"),
        ["gateway time-out"] = new(504, "", SourceFailureKind.Timeout, "ran out of time (HTTP 504)", "text/html"),
        ["redirect"] = new(302, "", SourceFailureKind.Broken, "redirects (HTTP 302) to https://login.test; redirects are not followed", "text/html") { Location = "https://login.test/realm?return=secret" },
        ["login page"] = new(200, "<html>Please log in</html>", SourceFailureKind.Broken, "answered text/html in place of JSON", "text/html"),
        ["empty"] = new(200, "", SourceFailureKind.Broken, "broken or cut off"),
        ["cut off"] = new(200, CannedPrometheus.Bundle("range-stale.json")[..70], SourceFailureKind.Broken, "broken or cut off"),
        ["no JSON object"] = new(200, "[]", SourceFailureKind.Broken, "the reply is StartArray"),
        ["status missing"] = new(200, """{"data":{"resultType":"matrix","result":[]}}""", SourceFailureKind.Broken, "status is missing"),
        ["status unknown"] = new(200, """{"status":"fine","data":{"resultType":"matrix","result":[]}}""", SourceFailureKind.Broken, "status is fine"),
        ["data missing"] = new(200, """{"status":"success"}""", SourceFailureKind.Broken, "without any data"),
        ["data null"] = new(200, """{"status":"success","data":null}""", SourceFailureKind.Broken, "without any data"),
        ["data of another shape"] = new(200, """{"status":"success","data":["a"]}""", SourceFailureKind.Broken, "data is StartArray"),
        ["result of another shape"] = new(200, """{"status":"success","data":{"result":{}}}""", SourceFailureKind.Broken, "result is StartObject"),
        ["series without labels"] = new(200, """{"status":"success","data":{"result":[{"values":[]}]}}""", SourceFailureKind.Broken, "a series has no metric"),
        ["label that is a number"] = new(200, """{"status":"success","data":{"result":[{"metric":{"a":1},"values":[]}]}}""", SourceFailureKind.Broken, "a label is Number"),
        ["value that is no number"] = Series("""[[1795405350,"lots"]]""", "\"lots\" is not a number"),
        ["value that is not text"] = Series("[[1795405350,1]]", "the value of a sample is Number"),
        ["time that is text"] = Series("""[["now","1"]]""", "the time of a sample is String"),
        ["sample with three parts"] = Series("""[[1795405350,"1","2"]]""", "the end of a sample is String"),
        ["time in milliseconds"] = Series("""[[1795405350000,"1"]]""", "a point at 1795405350000, which was not asked for"),
        ["time between the steps"] = Series("""[[1795405352.5,"1"]]""", "a point at 1795405352.5"),
        ["broken text"] = new(200, "{\"status\":\"succ\\ud83d", SourceFailureKind.Broken, "broken or cut off"),
    };

    private static readonly Dictionary<string, (Exception Thrown, SourceFailureKind Kind, string Part)> Troubles = new()
    {
        ["unknown name"] = (new HttpRequestException(HttpRequestError.NameResolutionError), SourceFailureKind.Unreachable, "the name is not known"),
        ["connection refused"] = (new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)SocketError.ConnectionRefused)), SourceFailureKind.Unreachable, "the connection is refused"),
        ["TLS"] = (new HttpRequestException(HttpRequestError.SecureConnectionError, "x", new InvalidOperationException("The certificate has expired.")), SourceFailureKind.Unreachable, "TLS failed (The certificate has expired)"),
        ["broken off"] = (new HttpRequestException(HttpRequestError.ResponseEnded), SourceFailureKind.Broken, "broke off in the middle of an answer"),
        ["no HTTP"] = (new HttpRequestException(HttpRequestError.InvalidResponse), SourceFailureKind.Broken, "does not speak HTTP"),
        ["too long"] = (new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), SourceFailureKind.Broken, "more than 64 MiB"),
        ["bad compression"] = (new InvalidDataException(), SourceFailureKind.Broken, "cannot be unpacked"),
        ["token file"] = (new CredentialException("tokenFile /etc/token does not exist."), SourceFailureKind.Unauthorized, "was not asked: tokenFile /etc/token does not exist."),
    };

    public static TheoryData<string> AnswerNames() => [.. Answers.Keys];

    public static TheoryData<string> TroubleNames() => [.. Troubles.Keys];

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public async Task A_bad_answer_is_a_failure_that_says_what_is_wrong(string name)
    {
        var bad = Answers[name];
        using var prometheus = new CannedPrometheus(_ => bad.Response());

        var failure = await ReadAsync(prometheus);

        Assert.Equal(bad.Kind, failure.Kind);
        Assert.StartsWith("Prometheus at http://prometheus.test:9090 ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(bad.Part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.True(prometheus.Counters.Requests[("prometheus", "error")] >= 1);
    }

    [Theory]
    [MemberData(nameof(TroubleNames))]
    public async Task Trouble_on_the_way_is_a_failure_that_says_what_is_wrong(string name)
    {
        var (thrown, kind, part) = Troubles[name];
        using var prometheus = new CannedPrometheus(_ => throw thrown);

        var failure = await ReadAsync(prometheus);

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_query_concerns_its_signal_alone()
    {
        var good = Plans.QueueLength with { Name = "good", Gauge = new() { Value = Plans.Selector("good") } };
        using var prometheus = new CannedPrometheus(request => request.Query.Contains("good", StringComparison.Ordinal)
            ? CannedPrometheus.Response(CannedPrometheus.Bundle("range-stale.json"))
            : Answers["many to many"].Response());

        var reply = await prometheus.Source.ReadAsync(Plans.Of(good, Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 3, default);

        Assert.Null(reply.Value!.Signals["good"].Failure);
        Assert.Equal(SourceFailureKind.Refused, reply.Value.Signals["queue"].Failure!.Kind);
    }

    [Fact]
    public async Task An_answer_with_remarks_only_is_complete()
    {
        using var prometheus = CannedPrometheus.Always(CannedPrometheus.Bundle("range-values-before-metric.json"));

        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 3, default);

        Assert.Equal([1, 2, 3, 4], reply.Value!.Signals["queue"].Values!);
    }

    private static async Task<SourceFailure> ReadAsync(CannedPrometheus prometheus)
    {
        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 3, default);
        return (reply.Failure ?? reply.Value!.Signals["queue"].Failure)!;
    }

    private static BadAnswer Error(int status, string type, string error, SourceFailureKind kind, string part) => new(
        status, $$"""{"status":"error","errorType":"{{type}}","error":"{{error.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}""", kind, part);

    private static BadAnswer Series(string values, string part) =>
        new(200, $$$"""{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":{{{values}}}}]}}""", SourceFailureKind.Broken, part);

    private sealed record BadAnswer(int Status, string Body, SourceFailureKind Kind, string Part, string Type = "application/json")
    {
        public string? Location { get; init; }

        public HttpResponseMessage Response()
        {
            var response = CannedPrometheus.Response(Body, (HttpStatusCode)Status, Type);
            response.Headers.Location = Location is null ? null : new Uri(Location);
            return response;
        }
    }
}
