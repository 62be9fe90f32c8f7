using System.Text.RegularExpressions;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>The built-in checklist <c>software-upgrade</c>, tailored by <c>checklist.items</c>.</summary>
public static partial class ChecklistTemplate
{
    /// <summary>The checklist of a new upgrade. The options are taken to be valid (<see cref="Validate"/>).</summary>
    public static IReadOnlyList<ChecklistItem> Create(ChecklistOptions options, TargetKind targetKind)
    {
        var changes = options.Items.ToDictionary(entry => entry.Id);
        var items = BuiltInItems.All
            .Where(item => targetKind == TargetKind.Database || item.Id != ItemIds.DatabaseChecks)
            .Where(item => !changes.TryGetValue(item.Id, out var change) || !change.Remove)
            .Select(item => changes.TryGetValue(item.Id, out var change) ? Tailor(item, change) : item);
        var own = options.Items.Where(entry => BuiltInItems.Find(entry.Id) is null).Select(New);

        // The sort is stable: one's own items follow the built-in ones of their phase, in the order given.
        return [.. items.Concat(own).OrderBy(item => item.Phase)];
    }

    /// <summary>Every mistake in the options, each naming its entry; empty when there is none.</summary>
    public static IReadOnlyList<string> Validate(ChecklistOptions options)
    {
        var mistakes = new List<string>();
        var seen = new HashSet<string>();
        foreach (var entry in options.Items)
        {
            var prefix = $"checklist.items[{entry.Id}]";
            if (!seen.Add(entry.Id)) mistakes.Add($"{prefix}: there is another entry with this id; write one entry with all changes.");

            mistakes.AddRange(Mistakes(entry).Select(mistake => prefix + mistake));
        }

        return mistakes;
    }

    private static IEnumerable<string> Mistakes(ChecklistItemOptions entry)
    {
        var builtIn = BuiltInItems.Find(entry.Id);
        if (builtIn is null && !IdPattern.IsMatch(entry.Id))
        {
            yield return ".id: must match [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?.";
        }

        if (entry.Remove)
        {
            if (builtIn is null) yield return $".remove: there is no built-in item of this name; one of {string.Join(", ", BuiltInItems.All.Select(item => item.Id))} is.";
            if (ChangesSomething(entry)) yield return ".remove: an item that is removed cannot be changed as well.";
            yield break;
        }

        if (PhaseMistake(entry, builtIn) is { } mistake) yield return mistake;
        if (entry.Link is not null && !ItemLimits.IsWebLink(entry.Link)) yield return $".link: {entry.Link} is not an http or https address.";
    }

    private static string? PhaseMistake(ChecklistItemOptions entry, ChecklistItem? builtIn)
    {
        if (entry.Phase is null) return builtIn is null ? ".phase: a new item needs one of pre-upgrade, upgrading, post-upgrade." : null;

        if (!PhaseNames.TryParse(entry.Phase, out var phase) || phase > Phase.PostUpgrade)
        {
            return $".phase: {entry.Phase} is not one of pre-upgrade, upgrading, post-upgrade.";
        }

        return builtIn is not null && builtIn.Phase != phase
            ? $".phase: the built-in item belongs to {builtIn.Phase.ToText()}; remove it and add an item with an id of its own."
            : null;
    }

    private static bool ChangesSomething(ChecklistItemOptions entry) =>
        (entry.Title ?? entry.Phase ?? entry.Owner ?? entry.Note ?? entry.Link) is not null || entry.Required is not null;

    private static ChecklistItem Tailor(ChecklistItem item, ChecklistItemOptions change) => item with
    {
        Title = change.Title ?? item.Title,
        Required = change.Required ?? item.Required,
        Owner = change.Owner,
        Note = change.Note,
        Link = change.Link,
    };

    private static ChecklistItem New(ChecklistItemOptions entry)
    {
        _ = PhaseNames.TryParse(entry.Phase, out var phase);
        return Tailor(new ChecklistItem { Id = entry.Id, Title = entry.Id, Phase = phase }, entry);
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex IdPattern { get; }
}
