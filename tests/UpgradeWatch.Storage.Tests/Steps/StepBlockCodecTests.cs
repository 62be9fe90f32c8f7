using CsCheck;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Steps;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests.Steps;

public class StepBlockCodecTests
{
    [Fact]
    public void Every_block_is_read_as_it_was_written() =>
        AnySteps.Block.Sample(block => Same.Assert(block, StepBlockCodec.Decode(StepBlockCodec.Encode(block))), iter: 300);

    [Fact]
    public void Every_bit_of_a_number_is_kept()
    {
        double[] odd = [double.NaN, BitConverter.Int64BitsToDouble(0x7ff8000000000123), -0.0, double.Epsilon, double.MaxValue];
        var block = Samples.Steps(1, odd.Length) with { Signals = new Dictionary<string, SignalSteps> { ["x"] = new() { Values = odd } } };

        var read = StepBlockCodec.Decode(StepBlockCodec.Encode(block)).Signals["x"].Values!;

        Assert.Equal(odd.Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void An_hour_of_a_quiet_service_takes_under_a_quarter_of_its_plain_size()
    {
        var random = new Random(7);
        double[] Counts() => [.. Enumerable.Range(0, 240).Select(_ => (double)random.Next(90, 110))];
        var block = Samples.Steps(1, 240) with
        {
            Signals = new Dictionary<string, SignalSteps> { ["requests"] = new() { All = Counts(), Bad = Counts(), Buckets = [.. Enumerable.Range(0, 12).Select(_ => Counts())] } },
        };

        Assert.InRange(StepBlockCodec.Encode(block).Length, 1, 240 * 14 * sizeof(double) / 4);
    }

    [Fact]
    public void Steps_of_a_newer_format_are_refused_with_both_numbers()
    {
        var error = Assert.Throws<StoreException>(() => StepBlockCodec.Decode([9, 1, 2, 3]));

        Assert.Equal(StoreFailure.Newer, error.Failure);
        Assert.Contains("format 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("format 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_were_cut_off_are_damage_and_not_a_crash()
    {
        var bytes = StepBlockCodec.Encode(Samples.Steps(1, 50));

        for (var length = 1; length < bytes.Length - 4; length++)
        {
            Assert.Equal(StoreFailure.Corrupt, Assert.Throws<StoreException>(() => StepBlockCodec.Decode(bytes[..length])).Failure);
        }
    }
}
