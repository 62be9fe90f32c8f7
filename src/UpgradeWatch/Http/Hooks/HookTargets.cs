using UpgradeWatch.Engine.Options;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http.Hooks;

/// <summary>Which target a tool means that knows names of its own only.</summary>
internal static class HookTargets
{
    /// <summary>The target's name, or why there is none.</summary>
    /// <param name="options">The configured targets.</param>
    /// <param name="visitor">Who asks.</param>
    /// <param name="field">The field that names a target.</param>
    /// <param name="told">What it says; null for nothing.</param>
    /// <param name="name">The tool's own name of what it changes.</param>
    /// <param name="space">Its namespace; null when the tool does not tell.</param>
    public static (string? Target, Problem? Problem) Find(EngineOptions options, Visitor visitor, string field, string? told, string name, string? space)
    {
        if (told is not null)
        {
            if (visitor.RefuseTarget(told) is { } other) return (null, other);
            return options.Find(told) is null ? (null, Unknown(options, visitor, field, $"target '{Shown.Short(told)}' is not known")) : (told, null);
        }

        if (options.Find(name) is { } meant && (space is null || meant.Labels.GetValueOrDefault("namespace") == space))
            return visitor.RefuseTarget(meant.Name) is { } hidden ? (null, hidden) : (meant.Name, null);
        var where = space is null ? "" : $" with the label namespace: {Shown.Short(space)}";
        return (null, Unknown(options, visitor, field, $"no target is named '{Shown.Short(name)}'{where}; name the one that is meant in {field}"));
    }

    private static Problem Unknown(EngineOptions options, Visitor visitor, string field, string what)
    {
        string[] known = [.. options.Targets.Select(target => target.Name).Where(visitor.Sees)];
        return Problems.Of(StatusCodes.Status404NotFound, $"{what}; known: {string.Join(", ", known)}", field, known);
    }
}
