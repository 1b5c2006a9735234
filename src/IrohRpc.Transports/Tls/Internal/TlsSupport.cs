namespace IrohRpc.Transports.Tls.Internal;

/// <summary>Whether <see cref="System.Net.Security.SslStream"/> has what the transport needs on a system: TLS 1.3 on both sides, and ALPN on the accepting one.</summary>
internal static class TlsSupport
{
    // Schannel has TLS 1.3 from Windows Server 2022 on; Windows 11 is later.
    private static readonly Version FirstWindows = new(10, 0, 20348);

    /// <summary>What is missing on this machine, and what to do about it; null where nothing is.</summary>
    public static string? UnsupportedReason { get; } = Describe(
        isApple: OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsMacCatalyst(),
        windows: OperatingSystem.IsWindows() ? Environment.OSVersion.Version : null);

    internal static string? Describe(bool isApple, Version? windows) => isApple
        ? "SslStream accepts no TLS 1.3 on Apple's systems (dotnet/runtime issue 1979), so that every handshake would fail. The QUIC transport, the default, brings its own TLS and works here."
        : windows is not null && windows < FirstWindows
        ? $"SslStream has no TLS 1.3 on this Windows (version {windows}); it comes with Windows Server 2022 and Windows 11. The QUIC transport, the default, brings its own TLS and works here."
        : null;
}
