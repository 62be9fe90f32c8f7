using System.Text;
using UpgradeWatch.Configuration;
using UpgradeWatch.TestKit.Fuzzing;

namespace UpgradeWatch.Tests.Fuzzing;

public sealed class ConfigurationFuzzTests
{
    [Fact]
    public void What_is_damaged_here_is_read_as_long_as_it_is_whole()
    {
        var result = ConfigLoader.LoadFile("Fuzzing/Corpus/configuration/whole.yaml", []);
        Assert.True(result.Options is not null, string.Join('\n', result.Mistakes));
    }

    [Fact]
    public void Whatever_the_file_holds_it_is_read_or_its_mistakes_are_told() =>
        Fuzz.Run("Fuzzing/Corpus/configuration", () => text =>
        {
            var result = ConfigLoader.Load(Encoding.UTF8.GetString(text), "fuzz.yaml", "", []);
            if (result.Options is null) Assert.NotEmpty(result.Mistakes);
            foreach (var mistake in result.Mistakes) Assert.InRange(mistake.Message.Length, 1, 4000);
        });
}
