using System.Globalization;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>Asks what a panel asks, as Grafana would at the end of a story.</summary>
internal sealed class PanelQuery(HttpClient client, Uri prometheus, DateTimeOffset from, DateTimeOffset until)
{
    /// <summary>The series of one query: labels, and the newest value.</summary>
    /// <param name="target">The query of a panel.</param>
    /// <param name="variables">What its variables are.</param>
    public async Task<IReadOnlyList<PanelSeries>> AskAsync(JsonObject target, params (string Name, string Value)[] variables)
    {
        var expression = Fill((string)target["expr"]!, variables);
        var path = (bool)target["instant"]!
            ? $"api/v1/query?time={Seconds(until)}"
            : $"api/v1/query_range?start={Seconds(from)}&end={Seconds(until)}&step=15";
        var data = await GetAsync($"{path}&query={Uri.EscapeDataString(expression)}");
        return [.. data["result"]!.AsArray().Select(series => Read(series!.AsObject()))];
    }

    /// <summary>The values of a variable that is asked.</summary>
    public async Task<IReadOnlyList<string>> ValuesAsync(JsonObject variable, params (string Name, string Value)[] variables)
    {
        var definition = Fill((string)variable["definition"]!, variables);
        var (selector, label) = (definition["label_values(".Length..definition.LastIndexOf(',')], definition[(definition.LastIndexOf(',') + 1)..^1].Trim());
        var data = await GetListAsync($"api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}&start={Seconds(from)}&end={Seconds(until)}");
        return [.. data.Select(value => (string)value!)];
    }

    private static string Fill(string text, (string Name, string Value)[] variables)
    {
        text = text.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal);
        foreach (var (name, value) in variables) text = text.Replace($"${name}", value, StringComparison.Ordinal);
        Assert.DoesNotContain("$", text.Replace("$1", "", StringComparison.Ordinal), StringComparison.Ordinal);
        return text;
    }

    private static PanelSeries Read(JsonObject series)
    {
        var labels = series["metric"]!.AsObject().ToDictionary(label => label.Key, label => (string)label.Value!);
        var values = series["values"] is JsonArray course ? course : [series["value"]!.DeepClone()];
        return new PanelSeries(labels, [.. values.Select(value => (string)value![1]!)]);
    }

    private async Task<JsonObject> GetAsync(string path) => (await AnswerAsync(path))["data"]!.AsObject();

    private async Task<JsonArray> GetListAsync(string path) => (await AnswerAsync(path))["data"]!.AsArray();

    private async Task<JsonNode> AnswerAsync(string path)
    {
        using var answer = await client.GetAsync(new Uri(prometheus, path));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {body}");
        return JsonNode.Parse(body)!;
    }

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A series that a panel would show.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Values">Its values, the newest last.</param>
internal sealed record PanelSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> Values)
{
    /// <summary>The newest value.</summary>
    public string Last => Values[^1];
}
