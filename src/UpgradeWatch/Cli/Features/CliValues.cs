using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using UpgradeWatch.Configuration;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Features;

/// <summary>Options whose values are more than text, with errors that name the option, the value and what would be right.</summary>
internal static class CliValues
{
    private const string TimeExpected = "a time such as 2026-05-04T13:37:00Z, or Unix seconds such as 1777901820";

    /// <summary>A time as RFC 3339 with its offset, or Unix seconds.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => TryTime(result.Tokens[0].Value, out var time) ? time : Refuse<DateTimeOffset?>(result, name, TimeExpected),
    };

    /// <summary>A duration, in seconds.</summary>
    public static Option<double?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => Durations.TryParseSeconds(result.Tokens[0].Value, out var seconds) ? seconds : Refuse<double?>(result, name, Durations.Expected),
    };

    /// <summary>Text that is not empty.</summary>
    public static Option<string?> Text(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => result.Tokens[0].Value is { } text && text.Trim().Length > 0 ? text : Refuse<string?>(result, name, "a text that is not empty"),
    };

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, IReadOnlyList<string> words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result => words.Contains(result.Tokens[0].Value) ? result.Tokens[0].Value : RefuseWord<string?>(result, name, result.Tokens[0].Value, words),
    };

    /// <summary>Tells that an option's value is something else than expected.</summary>
    public static T? Refuse<T>(ArgumentResult result, string name, string expected)
    {
        result.AddError($"{name} is {Quoting.Show(result.Tokens[0].Value)}; write {expected}");
        return default;
    }

    /// <summary>Tells that a word is none of those that are known.</summary>
    public static T? RefuseWord<T>(SymbolResult result, string name, string word, IReadOnlyList<string> words)
    {
        var meant = Suggestion.For(word, words) is { } near ? $"did you mean {near}? Write" : "write";
        result.AddError($"{name} is {Quoting.Show(word)}; {meant} one of {string.Join(", ", words)}");
        return default;
    }

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        if (UtcTimeConverter.TryParse(text, out time)) return true;
        const double latest = 253_402_300_799;
        var good = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= latest;
        if (good) time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return good;
    }
}
