namespace UpgradeWatch.Engine.Pipelines;

/// <summary>A change as the tool that makes it names it. The same names mean the same upgrade, however often they are sent.</summary>
/// <param name="Tool">The tool, for instance <c>flagger</c>.</param>
/// <param name="Name">What it changes, in the tool's own words, for instance <c>shop/checkout</c>.</param>
/// <param name="Revision">To what: a checksum, a commit, a number.</param>
/// <param name="Version">The version it stands for; null when that was not told.</param>
/// <param name="IsNext">Whether it is the one after that revision, whose own name the tool does not tell before it begins.</param>
public sealed record PipelineChange(string Tool, string Name, string Revision, string? Version = null, bool IsNext = false)
{
    /// <summary>The version, or what stands for it where none was told.</summary>
    public string VersionOrRevision => Version ?? (IsNext ? $"after {Revision}" : Revision);

    /// <summary>Whether the other names the same change, whatever version it gives.</summary>
    public bool IsSameAs(PipelineChange other) => Revision == other.Revision && IsNext == other.IsNext && IsOfSame(other);

    /// <summary>Whether the other names a change of the same thing by the same tool.</summary>
    public bool IsOfSame(PipelineChange other) => Tool == other.Tool && Name == other.Name;

    /// <summary>As it stands in sentences.</summary>
    public override string ToString() => $"{Tool} {Name} {(IsNext ? "after " : "")}{Revision}";
}
