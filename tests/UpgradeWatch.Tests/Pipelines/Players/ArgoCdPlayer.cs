using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>An Application of Argo CD as its notifications see it, which is synced and becomes healthy.</summary>
internal sealed class ArgoCdPlayer
{
    private readonly PipelineStage _stage;
    private readonly JsonObject _annotations;
    private readonly JsonObject _app;

    public ArgoCdPlayer(PipelineStage stage, ArgoRules rules, string name = "checkout", string recipient = "")
    {
        _stage = stage;
        Notifications = new NotificationPlayer(stage, rules, YamlJson.ParseAll(Integration.Read("integrations/argocd/notifications.yaml", stage.Url))[0]["data"]!);
        _annotations = new JsonObject { ["notifications.argoproj.io/subscribe.upgradewatch.upgradewatch"] = recipient };
        _app = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["destination"] = new JsonObject { ["namespace"] = "shop" } },
            ["status"] = new JsonObject { ["sync"] = new JsonObject { ["revision"] = "" }, ["health"] = new JsonObject { ["status"] = "Healthy" } },
        };
    }

    /// <summary>The notification controller.</summary>
    public NotificationPlayer Notifications { get; }

    // An application of several sources has a list in place of the one.
    private static JsonObject Synced(string revision) => revision.Contains(',', StringComparison.Ordinal)
        ? new JsonObject { ["revision"] = "", ["revisions"] = new JsonArray([.. revision.Split(',').Select(one => (JsonNode)one)]) }
        : new JsonObject { ["revision"] = revision };

    private JsonNode Status => _app["status"]!;

    /// <summary>A sync of a revision begins.</summary>
    public Task BeginSyncAsync(string revision)
    {
        Status["sync"] = Synced(revision);
        Status["operationState"] = new JsonObject { ["phase"] = "Running", ["startedAt"] = Now(), ["message"] = "waiting for completion of hook batch/Job/upgradewatch-begin" };
        Status["health"]!["status"] = "Progressing";
        return NotifyAsync();
    }

    /// <summary>It ends: Succeeded, Failed or Error.</summary>
    public Task EndSyncAsync(string phase, string message = "successfully synced (all tasks run)")
    {
        var operation = Status["operationState"]!;
        (operation["phase"], operation["finishedAt"], operation["message"]) = (phase, Now(), message);
        operation["syncResult"] = Status["sync"]!.DeepClone();
        return NotifyAsync();
    }

    /// <summary>Its health changes.</summary>
    public Task BecomeAsync(string health)
    {
        Status["health"]!["status"] = health;
        return NotifyAsync();
    }

    /// <summary>Syncs a revision to its good end.</summary>
    public async Task DeployAsync(string revision)
    {
        await BeginSyncAsync(revision);
        await _stage.PassAsync(TimeSpan.FromMinutes(1));
        await EndSyncAsync("Succeeded");
        await _stage.PassAsync(TimeSpan.FromMinutes(1));
        await BecomeAsync("Healthy");
    }

    private Task NotifyAsync() => Notifications.NotifyAsync(_annotations, new JsonObject { ["app"] = _app.DeepClone() });

    private string Now() => _stage.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
