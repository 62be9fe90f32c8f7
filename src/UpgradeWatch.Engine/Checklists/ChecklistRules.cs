using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>What may happen to a checklist.</summary>
public static class ChecklistRules
{
    /// <summary>
    /// Ids of the required items of earlier phases that are neither done nor skipped. Going back or giving up is never
    /// held up by a checklist: for those moves it is empty.
    /// </summary>
    public static IReadOnlyList<string> OpenItems(IReadOnlyList<ChecklistItem> checklist, Phase movingTo) => movingTo > Phase.Completed
        ? []
        :
        [
            .. checklist
                .Where(item => item.Required && item.Phase < movingTo && item.Status is not (ItemStatus.Done or ItemStatus.Skipped))
                .Where(item => !IsSettledBy(movingTo, item))
                .Select(item => item.Id),
        ];

    /// <summary>
    /// The checklist after a person's change, or why it is refused; the same list when nothing changes. The state of an
    /// item that UpgradeWatch sets needs an override and a reason; once overridden, the item is like any other. The
    /// reason becomes the note when no note is given.
    /// </summary>
    public static (IReadOnlyList<ChecklistItem>? Items, Refusal? Refusal) Change(
        IReadOnlyList<ChecklistItem> checklist, string itemId, ChecklistCommand command, DateTimeOffset now)
    {
        var item = checklist.FirstOrDefault(candidate => candidate.Id == itemId);
        if (item is null) return (null, NotFound(checklist, itemId));
        if (Refuse(item, command) is { } refusal) return (null, refusal);

        var changed = Change(item, command);
        return changed == item
            ? (checklist, null)
            : ([.. checklist.Select(candidate => candidate == item ? changed with { ChangedBy = command.By, ChangedAt = now } : candidate)], null);
    }

    /// <summary>
    /// The checklist with the items that UpgradeWatch drives set by what it knows, unless a person has overridden them;
    /// the same list when nothing changes.
    /// </summary>
    public static IReadOnlyList<ChecklistItem> Drive(Upgrade upgrade, HealthReport health, DateTimeOffset now) =>
        ChecklistDriver.Drive(upgrade, health, now);

    private static ChecklistItem Change(ChecklistItem item, ChecklistCommand command)
    {
        var overriding = command.Override && item.Driven && command.Status is not null;
        return item with
        {
            Status = command.Status ?? item.Status,
            Overridden = item.Overridden || overriding,
            Note = command.Note ?? (overriding ? command.Reason : null) ?? item.Note,
            Link = command.Link ?? item.Link,
            Owner = command.Owner ?? item.Owner,
        };
    }

    private static Refusal? Refuse(ChecklistItem item, ChecklistCommand command)
    {
        if (command is { Status: null, Note: null, Link: null, Owner: null })
        {
            return Invalid("status", $"Nothing to change on {item.Id}: give status, note, link or owner.");
        }

        if (command.Link is { } link && (link.Length > ItemLimits.Link || !ItemLimits.IsWebLink(link)))
        {
            return Invalid("link", $"link must be an http or https address of at most {ItemLimits.Link} characters.");
        }

        if (command.Note?.Length > ItemLimits.Note) return Invalid("note", $"note is {command.Note.Length} characters long; at most {ItemLimits.Note} are kept.");
        if (command.Owner?.Length > ItemLimits.Owner) return Invalid("owner", $"owner is {command.Owner.Length} characters long; at most {ItemLimits.Owner} are kept.");
        if (command.Reason?.Length > ItemLimits.Note) return Invalid("reason", $"reason is {command.Reason.Length} characters long; at most {ItemLimits.Note} are kept.");

        return RefuseOverride(item, command);
    }

    private static Refusal? RefuseOverride(ChecklistItem item, ChecklistCommand command)
    {
        if (!item.Driven || item.Overridden || command.Status is null) return null;

        if (!command.Override)
        {
            return new Refusal(RefusalKind.Conflict, $"UpgradeWatch sets {item.Id} itself (now {item.Status.ToText()}); set override and give a reason to change it by hand.")
            {
                Field = "status",
            };
        }

        return string.IsNullOrWhiteSpace(command.Reason) ? Invalid("reason", $"Overriding {item.Id} needs a reason.") : null;
    }

    /// <summary>Whether the move itself is what the item waits for.</summary>
    private static bool IsSettledBy(Phase movingTo, ChecklistItem item) => item is { Driven: true, Overridden: false } && item.Id switch
    {
        ItemIds.ExecuteUpgrade => movingTo >= Phase.PostUpgrade,
        ItemIds.PostImplementationReview => movingTo == Phase.Completed,
        _ => false,
    };

    private static Refusal NotFound(IReadOnlyList<ChecklistItem> checklist, string itemId) =>
        new(RefusalKind.NotFound, $"The checklist has no item {itemId}.") { Known = [.. checklist.Select(item => item.Id)] };

    private static Refusal Invalid(string field, string detail) => new(RefusalKind.Invalid, detail) { Field = field };
}
