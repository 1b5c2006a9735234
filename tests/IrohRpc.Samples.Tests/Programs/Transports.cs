using System.Net.Quic;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>The transports that tests between processes run on.</summary>
internal static class Transports
{
    public static readonly TheoryData<string> All = ["tls", "msquic"];

    /// <summary>Those that work on this machine.</summary>
    public static string[] Available => QuicListener.IsSupported ? ["tls", "msquic"] : ["tls"];

    public static void SkipWhereMissing(string transport)
        => Assert.SkipWhen(
            transport == "msquic" && !QuicListener.IsSupported,
            "QUIC needs libmsquic, which this machine does not have.");
}
