using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// A Rollout of Argo Rollouts, canary or blue-green: its steps, its analyses, and what it does when one does not succeed:
/// a failed or broken one aborts it, which brings the old version back; an inconclusive one pauses it for a person.
/// </summary>
internal sealed class RolloutPlayer
{
    private readonly PipelineStage _stage;
    private readonly ArgoRules _rules;
    private readonly JsonNode _rollout;
    private readonly NotificationPlayer _notifications;
    private readonly IReadOnlyList<JsonNode> _templates;

    public RolloutPlayer(PipelineStage stage, ArgoRules rules, string rollout)
    {
        (_stage, _rules) = (stage, rules);
        _rollout = YamlJson.ParseAll(Integration.Read($"integrations/argo-rollouts/{rollout}.yaml", stage.Url))[0];
        _notifications = new NotificationPlayer(stage, rules, YamlJson.ParseAll(Integration.Read("integrations/argo-rollouts/notifications.yaml", stage.Url))[0]["data"]!);
        _templates = YamlJson.ParseAll(Integration.Read("upgradewatch/argo-rollouts/analysis-templates.yaml", stage.Url));
    }

    /// <summary>Healthy, Degraded (aborted) or Paused (for a person).</summary>
    public string Phase { get; private set; } = "Progressing";

    /// <summary>What its analysis said last.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Hash of the template that is rolled out.</summary>
    public string Hash { get; set; } = "6c8f7d5b9";

    /// <summary>Whether the version that is rolled out is bad.</summary>
    public bool IsBad { get; set; }

    /// <summary>What happens meanwhile, told how long it has run.</summary>
    public Func<TimeSpan, Task>? Meanwhile { get; set; }

    /// <summary>Rolls it out.</summary>
    public async Task RunAsync()
    {
        var strategy = _rollout["spec"]!["strategy"]!;
        if (strategy["canary"] is { } canary) await RunCanaryAsync(canary);
        else await RunBlueGreenAsync(strategy["blueGreen"]!);
    }

    private async Task RunCanaryAsync(JsonNode canary)
    {
        var background = Analyse(canary["analysis"]!);
        foreach (var step in canary["steps"]!.AsArray())
        {
            AnalysisPlayer? inline = null;
            if (step!["setWeight"] is not null && IsBad) _stage.BreakVersion();
            if (step["analysis"] is { } analysis) inline = Analyse(analysis);
            var pause = step["pause"] is { } pausing ? Minutes((string)pausing["duration"]!) : TimeSpan.Zero;
            if (!await WatchAsync(pause, background, inline)) return;
        }

        background.Terminate();
        Phase = "Healthy";
    }

    private async Task RunBlueGreenAsync(JsonNode blueGreen)
    {
        if (!await WatchAsync(TimeSpan.Zero, Analyse(blueGreen["prePromotionAnalysis"]!))) return;

        // The active service points at the new version from here on.
        if (IsBad) _stage.BreakVersion();
        if (await WatchAsync(TimeSpan.Zero, Analyse(blueGreen["postPromotionAnalysis"]!))) Phase = "Healthy";
    }

    // True when the step is over and all analyses are well; an inline one has to succeed.
    private async Task<bool> WatchAsync(TimeSpan pause, params AnalysisPlayer?[] analyses)
    {
        for (var passed = TimeSpan.Zero; ; passed += TimeSpan.FromSeconds(15))
        {
            foreach (var run in analyses.OfType<AnalysisPlayer>())
            {
                await run.TickAsync();
                Message = run.Message;
                if (run.Phase is "Failed" or "Error")
                {
                    await AbortAsync();
                    return false;
                }

                if (run.Phase != "Inconclusive") continue;
                Phase = "Paused";
                return false;
            }

            if (passed >= pause && analyses[^1] is null or { Phase: "Successful" }) return true;
            if (passed >= pause && analyses.Length == 2 && analyses[1] is null) return true;
            if (Meanwhile is not null) await Meanwhile(_elapsed);
            await _stage.PassAsync(TimeSpan.FromSeconds(15));
            _elapsed += TimeSpan.FromSeconds(15);
        }
    }

    private TimeSpan _elapsed;

    private async Task AbortAsync()
    {
        Phase = "Degraded";
        _stage.MendVersion();

        // The event carries the Rollout as it was when its controller decided to abort: nothing of that is in its status yet.
        var data = new JsonObject
        {
            ["rollout"] = new JsonObject { ["status"] = new JsonObject { ["phase"] = "Paused", ["message"] = "CanaryPauseStep", ["currentPodHash"] = Hash } },
        };
        await _notifications.NotifyAsync(_rollout["metadata"]!["annotations"]!.AsObject(), data);
    }

    private AnalysisPlayer Analyse(JsonNode reference) => new(_stage, _rules, _templates, reference, Hash);

    private static TimeSpan Minutes(string duration) => TimeSpan.FromMinutes(int.Parse(duration.TrimEnd('m'), CultureInfo.InvariantCulture));
}
