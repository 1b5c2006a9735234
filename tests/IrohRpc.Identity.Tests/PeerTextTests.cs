namespace IrohRpc.Tests;

/// <summary>Text of a peer commands no terminal and forges no line.</summary>
public sealed class PeerTextTests
{
    [Theory]
    [InlineData("plain text, größer, 日本, 👩‍💻", "plain text, größer, 日本, 👩‍💻")]
    [InlineData("\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007")]
    [InlineData("one\r\nwarn: forged", "one\\u000d\\u000awarn: forged")]
    [InlineData("a\u0085b\u009bc\u2028d\u2029e", "a\\u0085b\\u009bc\\u2028d\\u2029e")]
    [InlineData("exe.\u202egpj", "exe.\\u202egpj")]
    [InlineData("\u2066x\u2069\u200f\u061c", "\\u2066x\\u2069\\u200f\\u061c")]
    [InlineData("pay\u200bpal \ufeff\u00ad", "pay\\u200bpal \\ufeff\\u00ad")]
    [InlineData("a\U000e0041b", "a\\udb40\\udc41b")]
    [InlineData("", "")]
    public void What_a_terminal_obeys_is_written_out(string text, string expected) => Assert.Equal(expected, PeerText.Escape(text));

    [Fact]
    public void Lines_stay_where_they_may() => Assert.Equal("a\n\tb\\u000d\\u001b", PeerText.Escape("a\n\tb\r\u001b", keepsLines: true));
}
