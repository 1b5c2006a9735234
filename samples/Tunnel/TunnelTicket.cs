using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using IrohRpc;

namespace Tunnel;

/// <summary>
/// What <c>tunnel listen</c> prints: where the listening side is, and a secret that proves to it that whoever dials was given the ticket. An address alone opens nothing.
/// </summary>
/// <param name="endpoint">Where the listening side is.</param>
/// <param name="secret">The secret, of <see cref="SecretSize"/> bytes.</param>
internal sealed class TunnelTicket(EndpointTicket endpoint, byte[] secret)
{
    public const int SecretSize = 16;

    private const char Separator = '.';

    public EndpointTicket Endpoint { get; } = endpoint;

    public ReadOnlyMemory<byte> Secret { get; } = secret;

    /// <summary>The secret of a listening side: it follows from its key, so that the ticket is the same after a restart, and tells nothing of the key.</summary>
    public static byte[] SecretOf(SecretKey key) => SHA256.HashData(key.Sign(Encoding.ASCII.GetBytes("tunnel/2 capability")))[..SecretSize];

    public static bool TryParse(string text, [NotNullWhen(true)] out TunnelTicket? ticket, [NotNullWhen(false)] out string? problem)
    {
        ticket = null;
        int at = text.LastIndexOf(Separator);
        if (at < 0 || text.Length - at - 1 != 2 * SecretSize || !text.AsSpan(at + 1).ToString().All(char.IsAsciiHexDigit))
        {
            problem = "it does not end in a dot and the secret of the tunnel, which is what opens it";
            return false;
        }

        try
        {
            ticket = new TunnelTicket(EndpointTicket.Parse(text.AsSpan(0, at)), Convert.FromHexString(text.AsSpan(at + 1)));
            problem = null;
            return true;
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
            return false;
        }
    }

    public override string ToString() => $"{Endpoint}{Separator}{Convert.ToHexStringLower(Secret.Span)}";
}
