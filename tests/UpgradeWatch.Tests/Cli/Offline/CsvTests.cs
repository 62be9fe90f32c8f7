using UpgradeWatch.Cli.Offline;

namespace UpgradeWatch.Tests.Cli.Offline;

public class CsvTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , b ,", "a|b|")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"say \"\"hi\"\"\" ,", "say \"hi\"|")]
    [InlineData("\"\",x", "|x")]
    public void Cells_are_told_apart(string line, string cells) => Assert.Equal(cells.Split('|'), Csv.Split(line)!);

    [Theory]
    [InlineData("\"a,b")]
    [InlineData("a\"b,c")]
    [InlineData("\"a\"b,c")]
    public void A_quote_that_is_not_closed_or_in_the_middle_is_no_cell(string line) => Assert.Null(Csv.Split(line));

    [Theory]
    [InlineData("plain")]
    [InlineData("a, b and \"c\"")]
    [InlineData("")]
    public void What_is_written_is_read_again(string cell) => Assert.Equal([cell, "x"], Csv.Split(Csv.Join(cell, "x"))!);

    [Fact]
    public void A_cell_stays_on_its_line() => Assert.Equal("two lines,x", Csv.Join("two\r\nlines", "x"));
}
