using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace IrohRpc.Tests;

/// <summary>What proves something to somebody is compared in constant time: how long a comparison takes tells nothing about how much of a guess was right.</summary>
public sealed partial class ConstantTimeTests
{
    /// <summary>Each place where a value that a stranger sent is compared with one that the stranger should not know.</summary>
    [Theory]
    [InlineData("src/IrohRpc.Quic/Tls/TlsHandshake.cs")]
    [InlineData("src/IrohRpc.Quic/Tls/ServerHandshake.cs")]
    [InlineData("src/IrohRpc.Quic/Protection/RetryIntegrity.cs")]
    [InlineData("src/IrohRpc.Quic/Protection/StatelessReset.cs")]
    [InlineData("src/IrohRpc.Relay/Internal/AccessTokens.cs")]
    public void Proofs_are_compared_in_constant_time(string file)
        => Assert.Contains("CryptographicOperations.FixedTimeEquals(", File.ReadAllText(Path.Combine(Root(), file)), StringComparison.Ordinal);

    [Fact]
    public void Nothing_that_is_secret_is_compared_in_another_way()
    {
        string[] lines = [.. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static file => File.ReadLines(file).Where(static line => Suspicious().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))];
        Assert.Empty(lines);
    }

    [GeneratedRegex(@"(secret|password|resetToken|binder|finished|verifyData|\bmac\b|\btag\b)\w*(\.Span|\.AsSpan\(\))?\.SequenceEqual\(|SequenceEqual\(\w*(secret|password|resetToken|binder|finished|verifyData|\bmac\b|\btag\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Suspicious();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
