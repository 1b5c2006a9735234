using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrohRpc.Identity.Internal.Texts;

/// <summary>A value that is a string in JSON.</summary>
internal abstract class TextJsonConverter<T> : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String
            ? Read(reader.GetString()!)
            : throw new JsonException($"{typeof(T).Name} is a string.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ToText(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(ToText(value));

    protected abstract T FromText(string text);

    protected abstract string ToText(T value);

    private T Read(string text)
    {
        try
        {
            return FromText(text);
        }
        catch (FormatException exception)
        {
            // The serializer adds the path to it.
            throw new JsonException(exception.Message, exception);
        }
    }
}
