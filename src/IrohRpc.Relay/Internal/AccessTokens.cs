using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace IrohRpc.Relay.Internal;

/// <summary>Compares the token that a client shows with those that are allowed.</summary>
internal static class AccessTokens
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether a request shows one of the tokens, or none is needed.</summary>
    public static bool Allow(HttpRequest request, IReadOnlyCollection<string> tokens)
    {
        if (tokens.Count == 0)
        {
            return true;
        }

        string? header = request.Headers.Authorization;
        string shown = header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : request.Query["token"].ToString();
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(shown));
        bool isAllowed = false;
        foreach (string token in tokens)
        {
            // All are compared, and hashes of one length, so that time tells nothing of them.
            isAllowed |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        }

        return isAllowed && shown.Length > 0;
    }
}
