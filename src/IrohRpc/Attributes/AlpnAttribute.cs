namespace IrohRpc;

/// <summary>
/// Makes a partial interface a contract: the generator completes it, and peers that agree on the ALPN can call it. Repeated for a contract
/// that serves several versions, newest first: the order in the source is the order of preference.
/// </summary>
/// <param name="alpn">The protocol's name and version, such as <c>greeter/2</c>: 1 to 255 bytes of UTF-8.</param>
[AttributeUsage(AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class AlpnAttribute(string alpn) : Attribute
{
    /// <summary>The protocol's name and version.</summary>
    public string Alpn { get; } = alpn;
}
