using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// Argo's notification engine, which Argo CD and Argo Rollouts share: an object that is subscribed to a trigger is sent by
/// its templates when a condition holds (with Argo Rollouts also when there is none), once for each value of <c>oncePer</c>;
/// a webhook is tried again on a network error and on 5xx, and never on 4xx.
/// </summary>
internal sealed class NotificationPlayer(PipelineStage stage, ArgoRules rules, JsonNode configuration)
{
    private const string Prefix = "notifications.argoproj.io/subscribe.";
    private const int MostRetries = 3;

    private readonly HashSet<string> _sent = [];

    /// <summary>The statuses that were answered, in their order; 0 for no answer.</summary>
    public List<int> Answers { get; } = [];

    /// <summary>The body of the last answer.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>Whether it forgets what it has sent, as a controller that restarts can.</summary>
    public bool Forgets { get; set; }

    /// <summary>The token in its secret.</summary>
    public string Token { get; set; } = stage.Token;

    /// <summary>Sends what is due of an object.</summary>
    /// <param name="annotations">The object's annotations.</param>
    /// <param name="data">What templates and conditions see.</param>
    public async Task NotifyAsync(JsonObject annotations, JsonObject data)
    {
        foreach (var (key, recipient) in annotations.Where(one => one.Key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var (trigger, service) = (key[Prefix.Length..].Split('.')[0], key[Prefix.Length..].Split('.')[1]);
            var conditions = YamlJson.ParseAll((string)configuration[$"trigger.{trigger}"]!)[0].AsArray();
            for (var i = 0; i < conditions.Count; i++)
            {
                var condition = conditions[i]!;
                if (condition["when"] is { } when && !await rules.HoldsAsync((string)when!, data)) continue;
                if (condition["oncePer"] is { } per && !_sent.Add($"{trigger} {i} {await rules.RenderAsync("{{ ." + (string)per! + " }}", data)}") && !Forgets) continue;
                foreach (var template in condition["send"]!.AsArray()) await SendAsync((string)template!, service, (string?)recipient ?? "", data);
            }
        }
    }

    private async Task SendAsync(string template, string service, string recipient, JsonObject data)
    {
        var webhook = YamlJson.ParseAll((string)configuration[$"template.{template}"]!)[0]["webhook"]![service]!;
        var target = YamlJson.ParseAll((string)configuration[$"service.webhook.{service}"]!)[0];
        var headers = target["headers"]!.AsArray().ToDictionary(header => (string)header!["name"]!, header => ((string)header!["value"]!).Replace("$upgradewatch-token", Token, StringComparison.Ordinal));
        Assert.Equal(stage.Url, (string)target["url"]!);
        Assert.Equal("POST", (string)webhook["method"]!);
        var seen = (JsonObject)data.DeepClone();
        (seen["recipient"], seen["serviceType"]) = (recipient, service);
        var body = await rules.RenderAsync((string)webhook["body"]!, seen);
        for (var attempt = 0; attempt <= MostRetries; attempt++)
        {
            try
            {
                var (status, text) = await stage.PostAsync((string)webhook["path"]!, body, headers["Authorization"]["Bearer ".Length..], headers["Content-Type"]);
                Answers.Add(status);
                LastBody = text;
                if (status < 500) return;
            }
            catch (HttpRequestException)
            {
                Answers.Add(0);
            }

            await stage.PassAsync(TimeSpan.FromSeconds(5));
        }
    }
}
