using System.ComponentModel;
using System.Security.Cryptography;

namespace IrohRpc.Transports.Internal;

/// <summary>Finds the alert that the peer sent (RFC 8446, section 6) in what the TLS stack threw.</summary>
internal static class TlsAlert
{
    /// <summary>The number of <c>no_application_protocol</c> (RFC 7301, section 3.2).</summary>
    public const int NoApplicationProtocol = 120;

    private const int SchannelApplicationProtocolMismatch = unchecked((int)0x80090367);

    // OpenSSL packs the library and the reason into one code, where an alert that was received is the reason 1000 + alert. The class
    // library hands the code on as the HRESULT. Version 3 keeps the library from bit 23 on, version 1.1 from bit 24 on.
    private const int OpenSslLibrary = 20;
    private const int OpenSslReasonMask = 0xFFF;
    private const int OpenSslFirstAlert = 1000;
    private const int OpenSslLastAlert = OpenSslFirstAlert + 255;

    /// <summary>The alert that the peer sent, or null where it sent none.</summary>
    /// <param name="exception">What the handshake, or a read after it, threw.</param>
    public static int? Find(Exception exception)
    {
        for (Exception? current = exception.InnerException; current is not null; current = current.InnerException)
        {
            if (current is Win32Exception { NativeErrorCode: SchannelApplicationProtocolMismatch })
            {
                return NoApplicationProtocol;
            }

            int code = current.HResult;
            if (current is CryptographicException && (code >>> 23 == OpenSslLibrary || code >>> 24 == OpenSslLibrary))
            {
                int reason = code & OpenSslReasonMask;
                if (reason is >= OpenSslFirstAlert and <= OpenSslLastAlert)
                {
                    return reason - OpenSslFirstAlert;
                }
            }
        }

        return null;
    }

    /// <summary>Whether the alert refuses a certificate.</summary>
    /// <param name="alert">The alert.</param>
    public static bool RefusesCertificate(int alert) => alert is (>= 42 and <= 46) or 48 or 49 or 51 or 116;

    /// <summary>The name of the alert for a message.</summary>
    /// <param name="alert">The alert.</param>
    public static string Describe(int alert) => alert switch
    {
        10 => "unexpected_message",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        80 => "internal_error",
        90 => "user_canceled",
        116 => "certificate_required",
        NoApplicationProtocol => "no_application_protocol",
        _ => $"alert {alert}",
    };
}
