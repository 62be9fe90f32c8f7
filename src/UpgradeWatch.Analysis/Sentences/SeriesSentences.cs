using System.Globalization;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Sentences;

/// <summary>What there is to say about a series that is held against its own history.</summary>
internal static class SeriesSentences
{
    private const int SeasonDays = 5;

    /// <summary>It has left what is usual, and that matters.</summary>
    public static string Strayed(this Wording words, SeriesReference reference, in Stray stray, double ownChance, long? since, bool isBack)
    {
        var back = isBack ? " It is back where it usually is, and has to stay there for 15 min." : "";
        return $"{words.Spec.Name} {(isBack ? "was" : "has been")} {Side(stray)} than usual{words.Since(since, "")}: {Mean(words, stray)}, where {Basis(words, reference, stray.Expected)}; {Rarity(reference, ownChance, "this")}.{back}";
    }

    /// <summary>It has left what is usual, but not by enough to matter.</summary>
    public static string Tolerated(this Wording words, SeriesReference reference, in Stray stray, double ownChance) =>
        $"{words.Spec.Name} was {Side(stray)} than usual, but within the {Tolerance(words)} that is tolerated: {Mean(words, stray)}, where {Basis(words, reference, stray.Expected)}; {Rarity(reference, ownChance, "this")}.";

    /// <summary>It does what it usually does.</summary>
    public static string Usual(this Wording words, SeriesReference reference, in Picture picture, double ownChance) =>
        $"{picture.Subject} is {words.Format(picture.Current)}, where {Basis(words, reference, picture.Baseline)} and {words.Expected(picture)} is expected; {Rarity(reference, ownChance, "as")}.";

    private static string Side(in Stray stray) => stray.Seen > stray.Expected ? "higher" : "lower";

    private static string Mean(Wording words, in Stray stray)
    {
        var start = Clock(stray.FirstMinute - 1);
        return stray.Minutes == 1
            ? $"{words.Format(stray.Seen)} in the minute from {start}"
            : $"{words.Format(stray.Seen)} on average from {start} to {Clock(stray.FirstMinute + stray.Minutes - 1)}";
    }

    private static string Basis(Wording words, SeriesReference reference, double expected) =>
        $"{words.Format(expected)} is usual{(reference.IsSeasonal ? " at this hour" : "")} (going by {Past(reference)})";

    private static string Past(SeriesReference reference)
    {
        var span = reference.IsSeasonal
            ? Span(Math.Min(reference.HistoryMinutes, SeasonDays * SeriesReference.DayMinutes))
            : Span(reference.HistoryMinutes);
        return reference.State.LeftOut switch
        {
            0 => $"the last {span}",
            1 => $"the last {span}, without 1 earlier upgrade or incident in them",
            var count => $"the last {span}, without {count} earlier upgrades or incidents in them",
        };
    }

    private static string Rarity(SeriesReference reference, double ownChance, string thisOrAs)
    {
        var (count, of) = reference.PlacebosAsFar(ownChance);
        return $"of {of} moments in the last {Span(reference.HistoryMinutes)} when nothing was upgraded, {(count == 0 ? "none" : Units.Round(count))} came {thisOrAs} far{(reference.IsInFamily ? " in any SLI" : "")}";
    }

    // To the hour: a week less an hour is not six days.
    private static string Span(int minutes)
    {
        var hours = (int)Math.Round(minutes / 60.0);
        var (days, rest) = (hours / 24, hours % 24);
        return days < 2 ? $"{hours} h" : rest == 0 ? $"{days} days" : $"{days} days and {rest} h";
    }

    private static string Tolerance(Wording words)
    {
        var tolerance = words.Spec.Tolerance;
        return (tolerance.Relative, tolerance.Absolute) switch
        {
            ({ } relative, { } absolute) => $"{Units.Round(100 * relative)} % or {words.Format(absolute)}",
            ({ } relative, null) => $"{Units.Round(100 * relative)} %",
            (null, { } absolute) => words.Format(absolute),
            _ => "little",
        };
    }

    private static string Clock(long minute) => StepTime.FromUnixSeconds(60.0 * minute).ToString("HH:mm", CultureInfo.InvariantCulture);
}
