namespace UpgradeWatch.Engine.Pipelines;

/// <summary>Names of the tools that tell of changes.</summary>
public static class PipelineTools
{
    /// <summary>Flagger.</summary>
    public const string Flagger = "flagger";

    /// <summary>Argo CD.</summary>
    public const string ArgoCd = "argocd";

    /// <summary>Any other.</summary>
    public const string Generic = "pipeline";
}
