using System.Collections;

namespace UpgradeWatch.Storage.Tests.Records;

/// <summary>Compares two values by all that can be seen of them.</summary>
internal static class Same
{
    public static void Assert<T>(T expected, T actual)
    {
        var differences = Differences(typeof(T).Name, expected, actual).Take(5).ToList();
        Xunit.Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    private static IEnumerable<string> Differences(string path, object? expected, object? actual)
    {
        if (expected is null || actual is null || expected is string || expected.GetType().IsPrimitive || expected.GetType().IsEnum || expected is DateTimeOffset)
        {
            return Equals(expected, actual) ? [] : [$"{path}: expected {expected ?? "null"}, was {actual ?? "null"}"];
        }

        return expected switch
        {
            IDictionary map => Maps(path, map, (IDictionary)actual),
            IEnumerable items => Items(path, [.. items.Cast<object?>()], [.. ((IEnumerable)actual).Cast<object?>()]),
            _ => expected.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0)
                .SelectMany(p => Differences($"{path}.{p.Name}", p.GetValue(expected), p.GetValue(actual))),
        };
    }

    private static IEnumerable<string> Maps(string path, IDictionary expected, IDictionary actual) =>
        Items($"{path}.Keys", [.. expected.Keys.Cast<object>().Order()], [.. actual.Keys.Cast<object>().Order()])
            .Concat(expected.Keys.Cast<object>().Where(actual.Contains).SelectMany(key => Differences($"{path}[{key}]", expected[key], actual[key])));

    private static IEnumerable<string> Items(string path, object?[] expected, object?[] actual) =>
        expected.Length == actual.Length
            ? expected.SelectMany((item, n) => Differences($"{path}[{n}]", item, actual[n]))
            : [$"{path}: expected {expected.Length} items, was {actual.Length}"];
}
