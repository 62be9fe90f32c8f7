using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Tests.Hosting;

public sealed class OneLineFormatterTests
{
    [Theory]
    [InlineData("pod restarted", "pod restarted")]
    [InlineData("Größe ≥ 5 µs 👍", "Größe ≥ 5 µs 👍")]
    [InlineData("x\r2026-01-01T00:00:00.000Z info: forged\n\ty", "x 2026-01-01T00:00:00.000Z info: forged  y")]
    [InlineData("\u001b[2J\u0007\u009b31m\u202egnp\u2028a\u0085b", "\uFFFD[2J\uFFFD\uFFFD31m\uFFFDgnp a b")]
    public void A_record_is_one_line_of_visible_characters(string reason, string shown)
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "UpgradeWatch.Engine", new EventId(7), reason, null, (state, _) => state);

        new OneLineFormatter(new FakeTimeProvider(RunningServer.Start)).Write(entry, null, output);

        Assert.Equal($"2026-05-04T12:00:00.000Z warn: UpgradeWatch.Engine[7] {shown}{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public void An_exception_is_on_the_same_line()
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Error, "UpgradeWatch", 1, "failed", new IOException("a\nb"), (state, _) => state);

        new OneLineFormatter(new FakeTimeProvider(RunningServer.Start)).Write(entry, null, output);

        Assert.Equal($"2026-05-04T12:00:00.000Z fail: UpgradeWatch[1] failed System.IO.IOException: a b{Environment.NewLine}", output.ToString());
    }
}
