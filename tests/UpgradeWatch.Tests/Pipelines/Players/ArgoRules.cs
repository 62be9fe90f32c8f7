using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>Conditions and templates of Argo's tools, evaluated by the libraries that they are made of. Built once for all tests.</summary>
public sealed class ArgoRules : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private string Program => _folder.File("rules");

    public Task InitializeAsync() => GoProgram.BuildAsync(Source(), Program);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Whether a condition holds.</summary>
    /// <exception cref="ArgoRuleException">It cannot be evaluated.</exception>
    public async Task<bool> HoldsAsync(string condition, JsonObject data) => (bool)(await AskAsync("condition", condition, data))!;

    /// <summary>What a template makes of data.</summary>
    /// <exception cref="ArgoRuleException">It cannot be rendered.</exception>
    public async Task<string> RenderAsync(string template, JsonObject data) => (string)(await AskAsync("template", template, data))!;

    private async Task<JsonNode?> AskAsync(string kind, string text, JsonObject data)
    {
        var question = new JsonObject { [kind] = text, ["data"] = data.DeepClone() };
        var (_, output, _) = await TestProcess.RunAsync(Program, [question.ToJsonString()]);
        var answer = JsonNode.Parse(output)!;
        return answer["error"] is { } error ? throw new ArgoRuleException((string)error!) : answer["value"];
    }

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../Rules"));
}

/// <summary>A condition or template that Argo cannot evaluate.</summary>
public sealed class ArgoRuleException(string message) : Exception(message);

/// <summary>Shares the rules among the classes that need them.</summary>
[CollectionDefinition(Name)]
public sealed class ArgoCollection : ICollectionFixture<ArgoRules>
{
    public const string Name = "argo";
}
