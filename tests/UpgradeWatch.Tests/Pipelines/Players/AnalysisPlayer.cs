using System.Text.Json;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// An AnalysisRun of Argo Rollouts with one web metric, by its controller's rules: any answer but 2xx is an error, of a
/// JSONPath the first match counts, both conditions together may leave a measurement inconclusive, limits are passed when
/// they are exceeded, and a run that is terminated is successful unless it has failed before.
/// </summary>
internal sealed class AnalysisPlayer
{
    private readonly PipelineStage _stage;
    private readonly ArgoRules _rules;
    private readonly JsonNode _metric;
    private DateTimeOffset? _measuredAt;
    private int _consecutiveErrors, _consecutiveSuccesses, _inconclusive, _failed;

    /// <param name="stage">Where it plays.</param>
    /// <param name="rules">Argo's expressions.</param>
    /// <param name="templates">The shipped templates.</param>
    /// <param name="reference">How the Rollout refers to one: <c>templates</c> and <c>args</c>.</param>
    /// <param name="podTemplateHash">What <c>podTemplateHashValue: Latest</c> stands for.</param>
    public AnalysisPlayer(PipelineStage stage, ArgoRules rules, IReadOnlyList<JsonNode> templates, JsonNode reference, string podTemplateHash)
    {
        (_stage, _rules) = (stage, rules);
        var name = (string)reference["templates"]!.AsArray().Single()!["templateName"]!;
        var spec = templates.Single(template => (string)template["metadata"]!["name"]! == name)["spec"]!;
        var given = reference["args"]!.AsArray().ToDictionary(arg => (string)arg!["name"]!, arg => (string?)arg!["value"] ?? podTemplateHash);
        var metric = spec["metrics"]!.AsArray().Single()!.ToJsonString();
        foreach (var arg in spec["args"]!.AsArray())
        {
            var argument = (string)arg!["name"]!;
            var value = given.GetValueOrDefault(argument) ?? (string?)arg["value"] ?? stage.Token;
            metric = metric.Replace("{{args." + argument + "}}", value, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("{{", metric);
        _metric = JsonNode.Parse(metric)!;
    }

    /// <summary>Its phase, in Argo's words.</summary>
    public string Phase { get; private set; } = "Running";

    /// <summary>What the last measurement said.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Measures when it is due.</summary>
    public async Task TickAsync()
    {
        if (Phase != "Running" || _stage.Time.GetUtcNow() < _measuredAt + TimeSpan.FromSeconds(30)) return;
        Assert.Equal("30s", (string?)_metric["interval"]);
        _measuredAt = _stage.Time.GetUtcNow();
        Count(await MeasureAsync());
        Phase = Assess();
    }

    /// <summary>Ends it because the rollout is done.</summary>
    public void Terminate() => Phase = Phase == "Running" ? "Successful" : Phase;

    private async Task<string> MeasureAsync()
    {
        var web = _metric["provider"]!["web"]!;
        Assert.Equal("POST", (string?)web["method"]);
        var header = web["headers"]!.AsArray().Single()!;
        Assert.Equal("Authorization", (string?)header["key"]);
        try
        {
            var (status, body) = await _stage.PostAsync(new Uri((string)web["url"]!).AbsolutePath, web["jsonBody"]!.ToJsonString(), ((string)header["value"]!)["Bearer ".Length..]);
            Message = body;
            if (status is < 200 or > 299) return "Error";
            return await EvaluateAsync(FirstMatch(JsonNode.Parse(body)!, (string)web["jsonPath"]!));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException or ArgoRuleException)
        {
            Message = trouble.Message;
            return "Error";
        }
    }

    private async Task<string> EvaluateAsync(JsonNode result)
    {
        var data = new JsonObject { ["result"] = result.DeepClone() };
        if (await _rules.HoldsAsync((string)_metric["failureCondition"]!, data)) return "Failed";
        return await _rules.HoldsAsync((string)_metric["successCondition"]!, data) ? "Successful" : "Inconclusive";
    }

    // Of the dialect of Kubernetes what the templates use: the whole, or a field of it.
    private static JsonNode FirstMatch(JsonNode body, string path)
    {
        Assert.Matches(@"^\{\$(\.\w+)*\}$", path);
        var found = body;
        foreach (var field in path.Trim('{', '}', '$').Split('.', StringSplitOptions.RemoveEmptyEntries)) found = found[field] ?? throw new JsonException($"{field} is not found");
        return found;
    }

    private void Count(string measured)
    {
        _consecutiveErrors = measured == "Error" ? _consecutiveErrors + 1 : 0;
        _consecutiveSuccesses = measured == "Successful" ? _consecutiveSuccesses + 1 : 0;
        if (measured == "Inconclusive") _inconclusive++;
        if (measured == "Failed") _failed++;
    }

    private string Assess()
    {
        if (_failed > ((int?)_metric["failureLimit"] ?? 0)) return "Failed";
        if (_inconclusive > ((int?)_metric["inconclusiveLimit"] ?? 0)) return "Inconclusive";
        if (_consecutiveErrors > ((int?)_metric["consecutiveErrorLimit"] ?? 4)) return "Error";
        Assert.Null(_metric["count"]);
        return (int?)_metric["consecutiveSuccessLimit"] is { } enough && _consecutiveSuccesses >= enough ? "Successful" : "Running";
    }
}
