using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// Refuses secret keys in JSON: without it a key inside a serialised object would be written as its public half, and the
/// loss noticed only when it is read back.
/// </summary>
internal sealed class SecretKeyJsonRefusal : JsonConverter<SecretKey>
{
    private const string Reason =
        "A secret key is not serialised by accident: store SecretKey.ExportText() and read it with SecretKey.Parse.";

    public override SecretKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => throw new NotSupportedException(Reason);

    public override void Write(Utf8JsonWriter writer, SecretKey value, JsonSerializerOptions options)
        => throw new NotSupportedException(Reason);
}
