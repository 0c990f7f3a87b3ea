using System.Globalization;

namespace Backprop.Tests.Lesson;

/// <summary>Converts float32 numbers from and to the hexadecimal text of their bits, the format of the reference data.</summary>
internal static class Bits
{
    public static string Of(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture);

    public static float ToSingle(string bits) => BitConverter.UInt32BitsToSingle(uint.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
