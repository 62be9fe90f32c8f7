using CsCheck;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Tests.Records;

/// <summary>Blocks of steps of every shape.</summary>
internal static class AnySteps
{
    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double,
        Gen.Const(double.NaN),
        Gen.Const(double.PositiveInfinity),
        Gen.Const(-0.0),
        Gen.Int[0, 1000].Select(n => (double)n));

    private static readonly Gen<SourceFailure?> Failure =
        Gen.Select(Gen.Bool, Gen.Enum<SourceFailureKind>(), Gen.String).Select((has, kind, text) => has ? new SourceFailure(kind, text) : null);

    public static readonly Gen<StepBlock> Block = Gen.Int[0, 40].SelectMany(count =>
        Gen.Select(
            Gen.Int[0, 1_000_000_000],
            Gen.OneOf(Gen.Const(0.25), Gen.Const(15.0), Gen.Const(60.0)),
            Gen.Int[-1, 1000].Array[count],
            Gen.Int[0, 1000].Array[count],
            Gen.Bool.Array[count],
            Gen.Dictionary(Gen.String, Signal(count))[0, 4]).Select((first, length, up, down, started, signals) => new StepBlock
            {
                StepSeconds = length,
                FirstStep = first,
                Count = count,
                Up = up,
                Down = down,
                Started = started,
                Samples = first * 3L,
                Signals = signals,
            }));

    private static Gen<SignalSteps> Signal(int count)
    {
        var numbers = Number.Array[count];
        var maybe = Gen.Select(Gen.Bool, numbers).Select((has, values) => has ? values : null);
        var buckets = Gen.Select(Gen.Bool, numbers.Array[0, 5]).Select((has, values) => has ? values : null);
        return Gen.Select(maybe, maybe, maybe, buckets, Number.Array[0, 5], Failure).Select((all, bad, values, bucket, bounds, failure) => new SignalSteps
        {
            All = all,
            Bad = bad,
            Values = values,
            Buckets = bucket,
            Bounds = bounds,
            Failure = failure,
        });
    }
}
