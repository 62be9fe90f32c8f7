using System.Collections;
using System.Reflection;

namespace UpgradeWatch.Storage.Tests.Records;

/// <summary>Makes records with every property set to something random, also those that are added later.</summary>
internal sealed class AnyRecord(Random random)
{
    private readonly NullabilityInfoContext _nullability = new();

    public T Make<T>() => (T)Make(typeof(T))!;

    private object? Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return random.Next(3) == 0 ? null : Make(inner);
        if (type == typeof(string)) return Text();
        if (type == typeof(int)) return random.Next(int.MinValue, int.MaxValue);
        if (type == typeof(long)) return random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type == typeof(double)) return Number();
        if (type == typeof(float)) return (float)Number();
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.UtcTicks / 2), TimeSpan.Zero);
        if (type.IsEnum) return Pick(Enum.GetValues(type));
        if (type.IsArray) return Items(type.GetElementType()!);
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)) return Collection(type);
        return Record(type);
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(c => c.GetParameters().Length);
        var arguments = constructor?.GetParameters()
            .Select(p => MayBeNull(_nullability.Create(p)) ? null : Make(p.ParameterType)).ToArray();
        var made = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke(arguments);
        var given = constructor?.GetParameters().Select(p => p.Name).ToHashSet() ?? [];
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null && !given.Contains(p.Name)))
        {
            property.SetValue(made, MayBeNull(_nullability.Create(property)) ? null : Make(property.PropertyType));
        }

        return made;
    }

    private bool MayBeNull(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && random.Next(3) == 0;

    private object Collection(Type type)
    {
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2)
        {
            return Enumerable.Range(0, random.Next(3)).ToDictionary(n => $"{n}{Text()}", _ => (string)Make(arguments[1])!);
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments[0]))!;
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            list.Add(Make(arguments[0]));
        }

        return list;
    }

    private Array Items(Type type)
    {
        var items = Array.CreateInstance(type, random.Next(4));
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(type), i);
        return items;
    }

    private double Number() => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => 0.1 + 0.2,
        4 => double.Epsilon,
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
    };

    private string Text() => (string)Pick(new[] { "", "plain", "quote \" and ' and \\", "line\nbreak\ttab", "<b>&amp;</b>", "🚀 é 名", "NULL", "a:b", "nul\0inside", "\u0001" });

    private object Pick(Array values) => values.GetValue(random.Next(values.Length))!;
}
