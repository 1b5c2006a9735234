using IrohRpc.Transports.Tls.Internal;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Systems whose SslStream cannot carry the transport are told so before the first handshake fails.</summary>
public sealed class TlsSupportTests
{
    [Fact]
    public void Apples_systems_do_not_accept() => Assert.Contains("Apple", TlsSupport.Describe(isApple: true, windows: null), StringComparison.Ordinal);

    [Theory]
    [InlineData("10.0.19045", false), InlineData("10.0.17763", false), InlineData("10.0.20348", true), InlineData("10.0.22000", true), InlineData("10.0.26100", true)]
    public void Windows_has_it_from_Server_2022_on(string version, bool works)
        => Assert.Equal(works, TlsSupport.Describe(isApple: false, Version.Parse(version)) is null);

    [Fact]
    public void Linux_has_it() => Assert.Null(TlsSupport.Describe(isApple: false, windows: null));
}
