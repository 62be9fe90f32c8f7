using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// Spinnaker's webhook stage, by its rules: the call is tried again on 5xx and when nothing answers; then the status address
/// is polled, every second at first and every 15 s after a minute. Without a status path the first 2xx is success; with one
/// the word decides, in any case, and a word that is not known means that it still runs. Of 4xx only those that are listed
/// are tried again, any other is terminal, and so is the stage's time-out.
/// </summary>
internal sealed class SpinnakerPlayer(PipelineStage stage, JsonNode definition)
{
    /// <summary>SUCCEEDED or TERMINAL.</summary>
    public string Status { get; private set; } = "RUNNING";

    /// <summary>The last answer.</summary>
    public string Body { get; private set; } = "";

    /// <summary>What happens meanwhile, told how long has been polled.</summary>
    public Func<TimeSpan, Task>? Meanwhile { get; set; }

    /// <summary>A stage of the shipped pipeline, with its expressions evaluated: one that is a whole text gives what it is, the number of a build a number.</summary>
    public static JsonNode Stage(PipelineStage stage, string file, string? name = null, string? token = null)
    {
        var text = Integration.Read($"integrations/spinnaker/{file}.json", stage.Url)
            .Replace("${parameters.upgradewatchToken}", token ?? stage.Token, StringComparison.Ordinal)
            .Replace("\"${trigger.buildInfo.number}\"", "4711", StringComparison.Ordinal)
            .Replace("${trigger.buildInfo.number}", "4711", StringComparison.Ordinal)
            .Replace("${parameters.version}", "1.5.0", StringComparison.Ordinal);
        Assert.DoesNotContain("${", text);
        var parsed = JsonNode.Parse(text)!;
        return name is null ? parsed : parsed.AsArray().Single(one => (string)one!["name"]! == name)!;
    }

    /// <summary>Runs the stage.</summary>
    public async Task RunAsync()
    {
        var started = stage.Time.GetUtcNow();
        var timeout = TimeSpan.FromMilliseconds((double?)(int?)definition["stageTimeoutMs"] ?? TimeSpan.FromHours(1).TotalMilliseconds);
        Assert.Equal(definition["stageTimeoutMs"] is not null, (bool?)definition["overrideTimeout"] ?? false);
        if (await CallAsync(started + timeout) is not { } answer) return;
        if ((bool?)definition["waitForCompletion"] != true)
        {
            Status = "SUCCEEDED";
            return;
        }

        Assert.Equal("webhookResponse", (string?)definition["statusUrlResolution"]);
        var url = Path((string)definition["statusUrlJsonPath"]!, answer);
        Assert.StartsWith(stage.Url, url);
        await PassAsync(TimeSpan.FromSeconds(int.Parse((string?)definition["waitBeforeMonitor"] ?? "0", CultureInfo.InvariantCulture)), started);
        while (Status == "RUNNING")
        {
            if (stage.Time.GetUtcNow() - started > timeout) Status = "TERMINAL";
            else await PollAsync(url);
            if (Status == "RUNNING") await PassAsync(TimeSpan.FromSeconds(15), started);
        }
    }

    private async Task<JsonNode?> CallAsync(DateTimeOffset end)
    {
        while (stage.Time.GetUtcNow() <= end)
        {
            if (await SendAsync(HttpMethod.Post, (string)definition["url"]!, definition["payload"]!.ToJsonString()) is { } status && status < 500)
            {
                if (status < 300) return JsonNode.Parse(Body);
                break;
            }

            await PassAsync(TimeSpan.FromSeconds(15), end);
        }

        Status = "TERMINAL";
        return null;
    }

    private async Task PollAsync(string url)
    {
        if (await SendAsync(HttpMethod.Get, url, null) is not { } status || status >= 500) return;
        if (status >= 300)
        {
            if (!(definition["retryStatusCodes"]?.AsArray() ?? []).Any(code => (int)code! == status)) Status = "TERMINAL";
            return;
        }

        if ((string?)definition["statusJsonPath"] is not { } path)
        {
            Status = "SUCCEEDED";
            return;
        }

        var word = Path(path, JsonNode.Parse(Body)!);
        if (Lists("successStatuses", word)) Status = "SUCCEEDED";
        else if (Lists("terminalStatuses", word)) Status = "TERMINAL";
    }

    private bool Lists(string field, string word) => ((string?)definition[field] ?? "").Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase);

    private static string Path(string path, JsonNode body)
    {
        Assert.Matches(@"^\$\.\w+$", path);
        return (string)body[path[2..]]!;
    }

    private async Task PassAsync(TimeSpan duration, DateTimeOffset since)
    {
        if (Meanwhile is not null) await Meanwhile(stage.Time.GetUtcNow() - since);
        await stage.PassAsync(duration);
    }

    // Null when nothing answers.
    private async Task<int?> SendAsync(HttpMethod method, string url, string? json)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, url);
        if (json is not null) request.Content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        foreach (var (name, value) in definition["customHeaders"]!.AsObject()) request.Headers.TryAddWithoutValidation(name, (string)value!);
        try
        {
            using var answer = await client.SendAsync(request);
            Body = await answer.Content.ReadAsStringAsync();
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
