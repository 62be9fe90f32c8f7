using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>checklist</c>.</summary>
internal static class ChecklistDescription
{
    private const int MostItems = 100;

    // A database has every item.
    private static readonly string[] BuiltIn = [.. ChecklistTemplate.Create(new ChecklistOptions(), TargetKind.Database).Select(item => item.Id)];

    private static readonly MappingShape<ChecklistItemOptions> Item = new(
        new ChecklistItemOptions { Id = "" },
        new Key<ChecklistItemOptions, string>("id", new TextShape("an id of lower-case letters, digits and '-', at most 63 characters", 63, Names.Item), (options, value) => options with { Id = value },
            "Id of a built-in item, or of a new one: lower-case letters, digits and '-'.")
        { Required = true },
        new Key<ChecklistItemOptions, bool>("remove", new FlagShape(), (options, value) => options with { Remove = value },
            "True takes a built-in item out.", options => options.Remove),
        new Key<ChecklistItemOptions, string>("title", new TextShape("a text of at most 200 characters", 200), (options, value) => options with { Title = value },
            "Title. Left out: the built-in one, for a new item its id."),
        new Key<ChecklistItemOptions, string>("phase", new ChoiceShape<string>(("pre-upgrade", "pre-upgrade"), ("upgrading", "upgrading"), ("post-upgrade", "post-upgrade")), (options, value) => options with { Phase = value },
            "The phase it belongs to; needed for a new item, and fixed for a built-in one."),
        new Key<ChecklistItemOptions, bool>("required", new FlagShape(), (options, value) => options with { Required = value },
            "Whether it must be done or skipped before the next phase. Left out: false."),
        new Key<ChecklistItemOptions, string>("owner", new TextShape("a text of at most 200 characters", 200), (options, value) => options with { Owner = value },
            "Who does it. Left out: nobody named."),
        new Key<ChecklistItemOptions, string>("note", new TextShape("a text of at most 2000 characters", 2000), (options, value) => options with { Note = value },
            "Note shown with it. Left out: none."),
        new Key<ChecklistItemOptions, Uri>("link", new UrlShape("https://wiki.example.com/rollback", withQuery: true), (options, value) => options with { Link = value.AbsoluteUri },
            "Link shown with it, http or https. Left out: none."))
    {
        Finish = Finish,
    };

    /// <summary>The shape of the whole.</summary>
    public static MappingShape<ChecklistOptions> Shape { get; } = new(
        new ChecklistOptions(),
        new Key<ChecklistOptions, bool>("enforce", new FlagShape(), (options, value) => options with { Enforce = value },
            "Whether a move is refused while required items are open, unless it is forced with a reason.", options => options.Enforce),
        new Key<ChecklistOptions, IReadOnlyList<ChecklistItemOptions>>("items", new ListShape<ChecklistItemOptions>(Item, "id", MostItems), (options, value) => options with { Items = value },
            "Changes to the built-in items by id, and items of one's own."));

    private static ChecklistItemOptions Finish(ChecklistItemOptions item, MapNode map, string path, ReadingContext context)
    {
        if (item.Id.Length == 0) return item;
        if (BuiltIn.Contains(item.Id))
        {
            if (map.Find("phase") is not null) context.Add(map, path, "phase", $"cannot be changed for the built-in item {item.Id}; leave it out");
            if (item.Remove && map.Entries.Count > 2) context.Add(map, path, "remove", "takes the item out, so the other keys have no use; leave them out");
            return item;
        }

        var meant = Suggestion.For(item.Id, BuiltIn) is { } near ? $" (or did you mean {near}?)" : "";
        if (item.Remove) context.Add(map, path, "remove", $"is only for built-in items, and {item.Id} is none{meant}; leave the entry out");
        else if (map.Find("phase") is null) context.Add(map, path, "phase", $"is missing; the new item {item.Id}{meant} needs it: write pre-upgrade, upgrading or post-upgrade");
        return item;
    }
}
