namespace IrohRpc.Samples.Tests.Programs;

/// <summary>The transports that tests between processes run on.</summary>
internal static class Transports
{
    public static readonly string[] Names = ["tls", "quic"];

    public static readonly TheoryData<string> All = [.. Names];
}
