using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Silences;

/// <summary>A silence that should be there now.</summary>
/// <param name="Key">By which it is found again: the upgrade's id and why.</param>
/// <param name="Matchers">Which alerts are silenced; never those of UpgradeWatch.</param>
/// <param name="Latest">When it ends at the latest.</param>
/// <param name="Comment">Who, why and which upgrade, without the key.</param>
public sealed record WantedSilence(string Key, IReadOnlyList<LabelMatch> Matchers, DateTimeOffset Latest, string Comment);

/// <summary>A silence that there is.</summary>
/// <param name="Id">Its id; another one after some changes.</param>
/// <param name="Key">By which it is found again.</param>
/// <param name="StartsAt">Its beginning.</param>
/// <param name="EndsAt">Its end.</param>
/// <param name="Matchers">Which alerts are silenced.</param>
/// <param name="Comment">As it was written, with the key.</param>
public sealed record HeldSilence(string Id, string Key, DateTimeOffset StartsAt, DateTimeOffset EndsAt, IReadOnlyList<LabelMatch> Matchers, string Comment)
{
    /// <summary>Whether it has ended: lapsed, or was ended by somebody.</summary>
    public bool IsOver { get; init; }

    /// <summary>Whether it silences just what another one would.</summary>
    public bool HasMatchersOf(WantedSilence wanted) => Matchers.ToHashSet().SetEquals(wanted.Matchers);
}
