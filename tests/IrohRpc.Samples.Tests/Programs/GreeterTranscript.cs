namespace IrohRpc.Samples.Tests.Programs;

/// <summary>What the caller of samples/Greeter prints below its first three lines, which say who the peers are.</summary>
internal static class GreeterTranscript
{
    /// <summary>What the service prints when it hears that the caller has cancelled.</summary>
    public const string Remark = "service:   the caller has heard enough";

    // Lines that begin with the same word come in this order; those of different words, too, but for the service's remark.
    private static readonly string[] Shown =
    [
        "unary:     Hello, world",
        "stream:    3",
        "stream:    2",
        "stream:    1",
        "duplex:    Hello, Ada",
        "duplex:    Hello, Grace",
        "callback:  (the service asks: What is your name?)",
        "callback:  Nice to meet you, Alan",
        "progress:  25 %",
        "progress:  50 %",
        "progress:  75 %",
        "progress:  100 %",
        "progress:  I speak French better now",
        "fault:     Bonjour, world",
        "fault:     no tlh, only de, en, fr",
        "cancel:    Lovely weather today",
        "cancel:    that was enough",
    ];

    public static void AssertShownBy(IEnumerable<string> lines) => Assert.Equal(Shown, WithoutAsides(lines.Skip(3)));

    /// <summary>What the service and the names of the duplex call print comes when it comes.</summary>
    private static IEnumerable<string> WithoutAsides(IEnumerable<string> lines)
        => lines.Where(line => line != Remark && !line.Contains("(this is ", StringComparison.Ordinal));
}
