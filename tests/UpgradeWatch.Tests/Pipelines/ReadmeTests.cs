using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.Tests.Pipelines.Players;

namespace UpgradeWatch.Tests.Pipelines;

/// <summary>What the README shows of the integrations is what is shipped, and what is shipped is shown or linked there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Integration.Root, "README.md"));

    private static readonly Dictionary<string, string> Blocks = Block().Matches(Readme).ToDictionary(block => block.Groups[1].Value, block => block.Groups[2].Value);

    public static TheoryData<string> Shown { get; } = [.. Blocks.Keys];

    public static TheoryData<string> Files { get; } =
    [
        .. new[] { "helm/integrations", "helm/upgradewatch/argo-rollouts", ".github/actions/upgradewatch" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Integration.Root, folder), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Integration.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Shown))]
    public void An_example_is_the_file(string path) => Assert.Equal(File.ReadAllText(Path.Combine(Integration.Root, path)), Blocks[path]);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_shown_or_linked(string path) => Assert.True(Readme.Contains($"<!-- {path} -->", StringComparison.Ordinal) || Readme.Contains($"]({path})", StringComparison.Ordinal), path);

    [Fact]
    public void Every_kind_of_tool_has_an_example() => Assert.True(Shown.Count >= 8);

    [Theory]
    [InlineData("helm/integrations/argocd/pre-sync.yaml")]
    [InlineData("helm/integrations/argocd/post-sync.yaml")]
    [InlineData("helm/integrations/argocd/notifications.yaml")]
    [InlineData("helm/integrations/argo-rollouts/notifications.yaml")]
    public void A_manifest_is_one_that_Kubernetes_knows(string path) =>
        Assert.All(YamlJson.ParseAll(File.ReadAllText(Path.Combine(Integration.Root, path))), one => Assert.Empty(Helm.KubernetesModels.Mistakes((JsonObject)one)));

    [GeneratedRegex(@"<!-- (\S+) -->\n```\w+\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Block();
}
